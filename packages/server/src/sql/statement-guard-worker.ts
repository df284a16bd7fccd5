import { parentPort } from 'node:worker_threads';
import { DatabaseError } from './database-error.ts';
import { type GuardedStatement, judgeStatement, prepareJudge } from './statement-guard.ts';

export interface GuardRequest {
  readonly text: string;
  readonly timeoutSeconds: number;
}

export type GuardAnswer =
  | { readonly type: 'statement'; readonly statement: GuardedStatement }
  | {
      readonly type: 'refused';
      readonly kind: DatabaseError['kind'];
      readonly message: string;
      readonly sqlState?: string;
    }
  | { readonly type: 'broken' };

function judge({ text, timeoutSeconds }: GuardRequest): GuardAnswer {
  try {
    return { type: 'statement', statement: judgeStatement(text, { timeoutSeconds }) };
  } catch (error) {
    if (!(error instanceof DatabaseError)) return { type: 'broken' };
    const { kind, message, sqlState } = error;
    return { type: 'refused', kind, message, sqlState };
  }
}

await prepareJudge();
parentPort?.on('message', (request: GuardRequest) => parentPort?.postMessage(judge(request)));
