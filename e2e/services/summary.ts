import type { Reporter, TestModule } from 'vitest/node';
import type { Provided } from './service.ts';
import { SERVICES } from './services.ts';

/** Says at the end which real servers ran. With `CI=true` one that the pipeline installs must have. */
export function serviceSummary(): Reporter {
  return {
    onTestRunEnd(modules) {
      const provided = modules[0]?.project.getProvidedContext().services ?? {};
      const lines = Object.entries(SERVICES).map(([name, { title, inPipeline }]) => {
        const { ran, text } = lineOf(
          provided[name],
          modules.filter(({ moduleId }) => moduleId.includes(`/services/${name}/`)),
        );
        const failed = !ran && inPipeline && process.env.CI === 'true';
        if (failed) process.exitCode = 1;
        return `  ${failed ? 'FAILED' : ran ? 'ran' : 'not run'}  ${title} ${text}`;
      });
      console.log(['', 'Real servers:', ...lines, ''].join('\n'));
    },
  };
}

function lineOf(place: Provided | undefined, modules: readonly TestModule[]) {
  if (place === undefined) return { ran: false, text: 'was not made ready' };
  if ('missing' in place) return { ran: false, text: `(${place.missing})` };
  const results = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => test.result().state),
  );
  const passed = results.filter((state) => state === 'passed').length;
  const seconds = modules.reduce((sum, module) => sum + module.diagnostic().duration, 0) / 1000;
  return {
    ran: passed > 0,
    text: `${place.version}: ${passed} of ${results.length} tests passed, ${Math.round(seconds)} s`,
  };
}
