/**
 * Where the compiled file of a worker is: beside this one once it is built. A test runs the sources, and a worker reads JavaScript only,
 * so there it is the built one.
 */
export function workerFile(name: `${string}-worker.js`): URL {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/sql/' : './';
  return new URL(folder + name, import.meta.url);
}
