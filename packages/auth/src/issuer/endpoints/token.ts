// OAuth 2.1 §3.2: the token endpoint.
import type { Answer, Exchange } from '../../http/route.ts';
import { parseForm } from '../../protocol/form.ts';
import { parseTokenRequest } from '../../protocol/token-request.ts';
import { TOKEN_RESPONSE_HEADERS, tokenResponse } from '../../protocol/token-response.ts';
import { authenticateClient } from '../clients/client-authentication.ts';
import { type IssuerContext, namesAt } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';
import { grantByCode } from '../grants/authorization-code.ts';
import { grantByRefreshToken } from '../grants/refresh-token.ts';

export async function answerToken(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  const form = parseForm(exchange.body);
  const request = parseTokenRequest(form);
  const client = await authenticateClient(context, {
    headers: exchange.headers,
    form,
    ours: namesAt(context, PATHS.token),
    address: exchange.address,
  });
  const userAgent = exchange.headers.get('user-agent')?.slice(0, 200);
  const tokens =
    request.grantType === 'authorization_code'
      ? await grantByCode(context, client, request)
      : await grantByRefreshToken(context, client, request, { address: exchange.address, userAgent });
  return { kind: 'json', status: 200, body: tokenResponse(tokens), headers: TOKEN_RESPONSE_HEADERS };
}
