// Loaded into the program before anything else: on SIGUSR2 its clock goes to where the file E2E_CLOCK says (milliseconds ahead).
import { readFileSync } from 'node:fs';

const real = Date.now;
let ahead = 0;
Date.now = () => real() + ahead;
process.on('SIGUSR2', () => {
  ahead = Number(readFileSync(process.env.E2E_CLOCK, 'utf8'));
  process.stderr.write(`clock is ${ahead} ms ahead\n`);
});
