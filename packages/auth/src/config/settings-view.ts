import { OperatorError, type Problem } from '../core/operator-error.ts';
import { attributeProblems } from './attribution.ts';
import type { Resolution } from './resolve.ts';

/** What a check of several settings together looks at. Settings that could not be read are absent, and nothing more is said of them. */
export class SettingsView {
  readonly problems: Problem[] = [];
  readonly resolution: Resolution;

  constructor(resolution: Resolution) {
    this.resolution = resolution;
  }

  value<T>(name: string): T | undefined {
    return this.resolution.settings.get(name)?.value as T | undefined;
  }

  /** Was it set, rather than left to its default? */
  given(name: string): boolean {
    const found = this.resolution.settings.get(name);
    return found !== undefined && found.source !== 'default';
  }

  /** Could it be read? */
  known(name: string): boolean {
    return this.resolution.settings.has(name);
  }

  problem(name: string, message: string, remedy: string): void {
    const found = this.resolution.settings.get(name);
    this.problems.push({
      setting: found?.writtenName ?? name,
      source: found?.source ?? 'default',
      message,
      remedy,
    });
  }

  /** Lets the part that the settings are for look at them; what it refuses is told in the operator's words. */
  attempt(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      this.problems.push(...attributeProblems(error.problems, this.resolution));
    }
  }
}
