import { optionalSetting, section, setting } from './row.ts';
import { addressRange, listOf, text, webUrl, wholeNumber } from './value-types.ts';

const none: readonly string[] = [];

/** How this server reaches others: providers, key sets, metadata documents of clients. */
export const OUTBOUND_ROWS = section('The way out', {
  'outbound.proxy': optionalSetting({
    type: proxyUrl(),
    secret: true,
    defaultText: 'none',
    description:
      'An http or https proxy for every call to others, with `user:password@` where it wants them. Addresses of this machine are called directly.',
    example: 'http://proxy.example.com:3128',
    wrong: 'Sign-in is a 503, and clients with metadata documents can not connect.',
  }),
  'outbound.direct': setting({
    type: listOf(
      text({
        says: 'host, or `.example.com` for every host below it',
        max: 253,
        pattern: /^[A-Za-z0-9.-]+$/,
      }),
      { max: 100 },
    ),
    default: none,
    defaultText: 'none but this machine',
    description: 'Hosts that are reached directly, although there is a proxy.',
    example: '.corp.example.com',
    wrong: 'Too few: the proxy may refuse what is inside. Too many: calls end nowhere.',
  }),
  'outbound.ca': optionalSetting({
    type: text({ says: 'certificates in PEM' }),
    defaultText: 'none: those that Node knows',
    description:
      'Certificate authorities that are trusted beside the public ones: for a provider, or a proxy, with a certificate of your own.',
    example: 'file:/etc/ssl/certs/example-ca.pem',
    wrong: 'Too few: sign-in is a 503. Too many: whoever holds such an authority can be the provider.',
  }),
  'outbound.publicRanges': setting({
    type: listOf(addressRange),
    default: none,
    defaultText: 'none',
    description:
      'Addresses that count as public when the metadata document of a client is fetched: for clients inside a closed network.',
    example: '10.20.0.0/16',
    wrong: 'Anybody who can reach the sign-in can make this server fetch documents there.',
  }),
  'outbound.clientPorts': setting<readonly number[]>({
    type: listOf(wholeNumber({ min: 1, max: 65_535 }), { max: 20 }),
    default: [443],
    description: 'The ports that the metadata document of a client may be at.',
    example: '443, 8443',
    wrong: 'Anybody who can reach the sign-in can make this server call these ports.',
  }),
});

function proxyUrl() {
  const address = webUrl('anywhere');
  return {
    says: 'http or https URL, with `user:password@` where the proxy wants them',
    read(raw: Parameters<typeof address.read>[0], context: Parameters<typeof address.read>[1]) {
      if (typeof raw !== 'string' || !URL.canParse(raw)) return address.read(raw, context);
      const url = new URL(raw);
      url.username = '';
      url.password = '';
      const reading = address.read(url.href, context);
      return 'fault' in reading ? reading : { value: raw };
    },
  };
}
