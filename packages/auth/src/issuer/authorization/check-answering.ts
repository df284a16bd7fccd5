// RFC 9700 §4.4 (mix-up): the answer of one provider is never taken for that of another.
import { Refusal } from '../../core/refusal.ts';

/** `answering`: whose callback address was called. @throws Refusal `sign-in.provider-answer` */
export function checkAnswering(begun: string, answering: string): void {
  if (begun !== answering)
    throw new Refusal('sign-in.provider-answer', {
      why: `${answering} answers for ${begun}`,
      signIn: begun,
    });
}
