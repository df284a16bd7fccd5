import { itLogsInThrough } from './proxy-login.contract.ts';
import { PROXY_ROWS } from './proxy-rows.ts';

for (const row of PROXY_ROWS) itLogsInThrough(row);
