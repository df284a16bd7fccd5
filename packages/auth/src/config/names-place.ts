import { optionalSetting, section, setting } from './row.ts';
import {
  filePath,
  hostWithPort,
  masterSecret,
  publicAddress,
  type StatePlace,
  statePlace,
  webOrigin,
} from './special-types.ts';
import { addressRange, listOf } from './value-types.ts';

const none: readonly string[] = [];

/** Under which address the server is known, and to whom it answers. */
export const ADDRESS_ROWS = section('Address', {
  publicUrl: setting({
    type: publicAddress,
    flag: '--public-url <url>',
    flagHelp: 'The URL under which people and clients reach this server',
    default: ({ value }) => new URL(`http://localhost:${value('port') ?? 8000}`).origin,
    defaultText: '`http://localhost:<port>`',
    description:
      'The URL under which people and clients reach this server, with the path in front of it where a reverse proxy adds one. It is the issuer, and the MCP endpoint is `/mcp` below it.',
    example: 'https://mcp.example.com',
    wrong:
      'Clients refuse the sign-in, since the issuer they meet is not the one they asked for. Changing it later ends every session.',
  }),
  trustedProxies: setting({
    type: listOf(addressRange),
    default: none,
    defaultText: 'none',
    description:
      'Reverse proxies in front of this server. Forwarding headers of anybody else are not believed.',
    example: '10.0.0.0/8',
    wrong:
      'Too few: all clients seem to have the address of the proxy. Too many: a caller chooses the address that limits and logs see.',
  }),
  allowedHosts: setting({
    type: listOf(hostWithPort),
    default: none,
    defaultText: 'the host of `publicUrl`; on a loopback `host`, every loopback name',
    description: 'Further host names that requests may be for, such as the name inside a cluster.',
    example: 'mcp.internal:8000',
    wrong:
      'Requests for another name are answered with 421. A name of somebody else opens the way to DNS rebinding.',
  }),
  allowedOrigins: setting({
    type: listOf(webOrigin),
    default: none,
    defaultText: 'the origin of `publicUrl`; on a loopback `host`, every loopback origin',
    description: 'Further web pages that may call this server from a browser.',
    example: 'https://inspector.example.com',
    wrong:
      'Browsers of other pages are answered with 403. A page listed here acts with what its visitors can do.',
  }),
});

/** Where state and keys live. */
export const STATE_ROWS = section('State and keys', {
  state: setting<StatePlace>({
    type: statePlace,
    flag: '--state <folder|memory>',
    flagHelp: 'Where sessions and keys are kept',
    default: ({ environment, files, folder }) => ({
      kind: 'folder',
      path: files.resolve(folder, `${homeFor(environment.XDG_STATE_HOME, '~/.local/state')}/portcullis`),
    }),
    defaultText: '`$XDG_STATE_HOME/portcullis`, else `~/.local/state/portcullis`',
    description:
      'Where sessions and keys are kept: a folder, sealed record by record, or `memory`. Several processes on one machine may share a folder.',
    example: '/var/lib/portcullis',
    wrong: 'With `memory` a restart logs everybody out. A folder that can not be written stops the start.',
  }),
  secret: optionalSetting({
    type: masterSecret,
    secret: true,
    defaultText: 'made at the first start, and kept in `secretFile`',
    description:
      'The master secret. It wraps the keys of this server and makes the ids of registered clients. Keep it apart from the state.',
    example: 'file:/run/secrets/portcullis',
    wrong:
      'A secret that changes without `previousSecret` stops the start, since the state could not be read. Who has it and the state has everything.',
  }),
  previousSecret: optionalSetting({
    type: masterSecret,
    secret: true,
    defaultText: 'none',
    description:
      'The master secret until now, while `secret` is being changed. Remove it when every process was started with the new one.',
    example: 'file:/run/secrets/portcullis-previous',
    wrong: 'A wrong one stops the start.',
  }),
  secretFile: setting({
    type: filePath,
    default: ({ environment, files, folder }) =>
      files.resolve(folder, `${homeFor(environment.XDG_CONFIG_HOME, '~/.config')}/portcullis/secret`),
    defaultText: '`$XDG_CONFIG_HOME/portcullis/secret`, else `~/.config/portcullis/secret`',
    description:
      'Where the master secret is made at the first start, when `secret` is not set and the state is a folder of this machine.',
    example: '/etc/portcullis/secret',
    wrong:
      'In a container the file must be on a volume, else every new container starts with another secret.',
  }),
});

/** The XDG base directory specification: a relative path in such a variable is to be ignored. */
function homeFor(variable: string | undefined, fallback: string): string {
  return variable?.startsWith('/') ? variable : fallback;
}
