import { itLogsInAt } from './remote-login.contract.ts';
import { REMOTE_ROWS } from './remote-rows.ts';

for (const row of REMOTE_ROWS) itLogsInAt(row);
