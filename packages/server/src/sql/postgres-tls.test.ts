import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, person } from './database.contract.ts';
import { letThrough } from './escapes.contract.ts';
import type { PostgresTls } from './postgres-address.ts';
import { type PostgresOptions, postgresDatabase } from './postgres-database.ts';
import {
  describeWithPostgres,
  type PostgresServer,
  runAsAdmin,
  startPostgres,
} from './postgres-server.contract.ts';

/** An authority, the server's certificate for localhost, and the one that this server shows. */
function makeCertificates(data: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: data, stdio: 'ignore' });
  const authority = (name: string) =>
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
    );
  authority('authority');
  authority('stranger');
  for (const name of ['localhost', 'portcullis-host']) {
    writeFileSync(join(data, `${name}.ext`), `subjectAltName=DNS:${name}\n`);
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'authority.crt',
      '-CAkey',
      'authority.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    );
  }
}

const HBA = `local all postgres trust
hostssl all dave 127.0.0.1/32 scram-sha-256
hostssl all all 127.0.0.1/32 cert map=people
`;
const IDENT = `people portcullis-host alice
people portcullis-host bob
`;

describeWithPostgres('PostgreSQL', () => {
  let server: PostgresServer;
  let folder = '';
  const pem = (name: string) => readFileSync(join(folder, name), 'utf8');
  const shown = (): PostgresTls => ({
    ca: pem('authority.crt'),
    cert: pem('portcullis-host.crt'),
    key: pem('portcullis-host.key'),
  });
  const open = (options: Omit<PostgresOptions, 'url'>, host = 'localhost') =>
    postgresDatabase({
      url: `postgres://portcullis@${host}:${server.port}/postgres`,
      mode: 'login',
      guard: letThrough(),
      ...options,
    });
  beforeAll(async () => {
    server = await startPostgres(
      ['ssl=on', 'ssl_cert_file=localhost.crt', 'ssl_key_file=localhost.key', 'ssl_ca_file=authority.crt'],
      (data) => {
        folder = data;
        makeCertificates(data);
        writeFileSync(join(data, 'pg_hba.conf'), HBA);
        writeFileSync(join(data, 'pg_ident.conf'), IDENT);
      },
    );
    await runAsAdmin(server, [
      'CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE ROLE mallory LOGIN',
      "CREATE ROLE dave LOGIN PASSWORD 'hidden-word'",
    ]);
  }, 120_000);
  afterAll(() => server?.stop());

  describe('the mode login over TLS', () => {
    it('is the person whom the map allows for this certificate, and nobody else', async () => {
      const database = open({ tls: shown() });
      expect(await database.whoami(person('alice'))).toMatchObject({ user: 'alice', sessionUser: 'alice' });
      expect(await database.whoami(person('bob'))).toMatchObject({ user: 'bob' });
      expect(await failure(database.whoami(person('mallory')))).toMatchObject({ kind: 'person' });
      await database.close();
    });

    it('uses the credential of the person, and shows it to nobody', async () => {
      const database = open({
        tls: { ca: pem('authority.crt') },
        loginOf: (username) => ({ password: username === 'dave' ? 'hidden-word' : 'other-word' }),
      });
      expect(await database.whoami(person('dave'))).toMatchObject({ user: 'dave' });
      await database.close();
      const wrong = open({
        tls: { ca: pem('authority.crt') },
        loginOf: () => ({ password: 'hidden-but-wrong' }),
      });
      const { kind, message } = await failure(wrong.whoami(person('dave')));
      expect(kind).toBe('person');
      expect(message).not.toContain('hidden');
      await wrong.close();
    });

    it('does not talk to a server that is not proven', async () => {
      const away = { kind: 'unavailable' };
      const attempt = async (tls: PostgresTls, host?: string) => {
        const database = open({ tls }, host);
        const outcome = await database.whoami(person('alice')).then(
          () => 'in',
          () => 'out',
        );
        if (outcome === 'out') expect(await failure(database.whoami(person('alice')))).toMatchObject(away);
        await database.close();
        return outcome;
      };
      expect(await attempt(shown())).toBe('in');
      expect(await attempt(shown(), '127.0.0.1')).toBe('out');
      expect(await attempt({ ...shown(), mode: 'verify-ca' }, '127.0.0.1')).toBe('in');
      expect(await attempt({ ...shown(), ca: pem('stranger.crt') })).toBe('out');
      expect(await attempt({ ...shown(), ca: pem('stranger.crt'), mode: 'verify-ca' })).toBe('out');
      expect(await attempt({ ...shown(), ca: pem('stranger.crt'), mode: 'require' })).toBe('in');
    });

    it('stops a statement over TLS as well', async () => {
      const database = open({ tls: shown() });
      expect(
        await failure(
          database.execute(person('alice'), 'SELECT pg_catalog.pg_sleep(60)', { timeoutSeconds: 0.3 }),
        ),
      ).toMatchObject({ kind: 'timeout' });
      const abort = new AbortController();
      const work = failure(
        database.execute(person('alice'), 'SELECT pg_catalog.pg_sleep(60)', {}, abort.signal),
      );
      setTimeout(() => abort.abort(), 200);
      expect(await work).toMatchObject({ kind: 'cancelled' });
      const running =
        "SELECT count(*)::int FROM pg_catalog.pg_stat_activity WHERE query LIKE '%sleep(60)%' AND state = 'active' AND pid <> pg_catalog.pg_backend_pid()";
      await expect
        .poll(async () => (await database.execute(person('alice'), running)).rows, { timeout: 5000 })
        .toEqual([[0]]);
      await database.close();
    });
  });
});
