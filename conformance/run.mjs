// Runs the official MCP conformance suite: `authorization` against `portcullis serve`, `server` against a fixture behind our gate. Fails unless all pass.
import { runAuthorizationSuite } from './authorization-suite.mjs';
import { runServerSuite } from './server-suite.mjs';
import { install, stopAll } from './suite.mjs';

try {
  install();
  const failed = (await runAuthorizationSuite()) + (await runServerSuite());
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  await stopAll();
}
