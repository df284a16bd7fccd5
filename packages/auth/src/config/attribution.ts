import type { Problem } from '../core/operator-error.ts';
import type { Resolution } from './resolve.ts';

/**
 * Problems that a part of the library found in its options, told in the words of the operator: `upstream.clientSecret` becomes the name and
 * the place it was set at. A setting below one of ours (`upstream.tokenParameters.code`) belongs to that one. Others stay as they are.
 */
export function attributeProblems(problems: readonly Problem[], resolution: Resolution): Problem[] {
  return problems.map((problem) => {
    const name = nameIn(problem.setting, resolution);
    const found = name === undefined ? undefined : resolution.settings.get(name);
    if (!found) return problem;
    const rest = problem.setting.slice(found.row.name.length);
    // Nobody wrote a default down: where it leads to, such as a file, is all there is to go by.
    if (found.source === 'default')
      return isPath(problem.source) ? problem : { ...problem, source: 'default' };
    return { ...problem, setting: found.writtenName + rest, source: found.source };
  });
}

const isPath = (source: string) => /^(?:\/|[A-Za-z]:\\)/.test(source);

function nameIn(setting: string, resolution: Resolution): string | undefined {
  if (resolution.settings.has(setting)) return setting;
  const end = setting.lastIndexOf('.');
  return end < 0 ? undefined : nameIn(setting.slice(0, end), resolution);
}
