import { describeGreeting } from '../greeting.contract.ts';
import { start } from './server.ts';

describeGreeting('the example protect-express-server', start);
