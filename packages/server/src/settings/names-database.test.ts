import { describe, expect, it } from 'vitest';
import { sslModeFor } from './names-database.ts';

describe('sslModeFor', () => {
  it.each([
    ['postgres://db.example.com/x', 'verify-full'],
    ['postgres://10.0.0.1/x', 'verify-full'],
    ['postgres://localhost/x', 'disable'],
    ['postgres://127.0.0.1:5433/x', 'disable'],
    ['postgres://[::1]/x', 'disable'],
    ['postgres:///x?host=/run/postgresql', 'disable'],
    ['postgres://%2Frun%2Fpostgresql/x', 'disable'],
    ['postgres://localhost/x?host=db.example.com', 'verify-full'],
    ['postgres://db/x?sslmode=require', 'require'],
    ['postgres://localhost/x?sslmode=verify-ca', 'verify-ca'],
    ['postgres://localhost/x?sslmode=prefer', 'verify-full'],
  ])('%s is %s', (url, mode) => {
    expect(sslModeFor({ kind: 'postgres', url })).toBe(mode);
  });

  it('has nothing to encrypt without a server', () => {
    expect(sslModeFor({ kind: 'embedded' })).toBe('disable');
  });
});
