// Starts one of the examples: `npm start -w examples -- protect-express-server`.
import { once } from 'node:events';
import { start as protectExpressServer } from './protect-express-server/server.ts';
import { start as protectHonoServer } from './protect-hono-server/server.ts';
import { start as protectSdkServer } from './protect-sdk-server/server.ts';

const EXAMPLES = {
  'protect-sdk-server': protectSdkServer,
  'protect-express-server': protectExpressServer,
  'protect-hono-server': protectHonoServer,
};

const [name = 'protect-sdk-server', port = '8000'] = process.argv.slice(2);
if (!Object.hasOwn(EXAMPLES, name)) throw new Error(`There are ${Object.keys(EXAMPLES).join(', ')}.`);
const server = await EXAMPLES[name as keyof typeof EXAMPLES](Number(port));
if (!server.listening) await once(server, 'listening');
console.log(`Connect your MCP client to http://localhost:${port}/mcp, and sign in as alice or bob.`);
