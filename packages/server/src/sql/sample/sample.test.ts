import { describe, expect, it } from 'vitest';
import { judgeStatement, prepareJudge } from '../statement-guard.ts';
import { wrapperName } from '../wrapper/wrapper.ts';
import { sampleSql } from './sample.ts';

describe('the sample company', () => {
  it('is the same in every run', () => {
    expect(sampleSql('svc')).toEqual(sampleSql('svc'));
  });

  it('gives the service account nothing of its own, unless everybody acts as it', () => {
    const granted = (identity?: 'person' | 'service') =>
      sampleSql('svc', identity).filter((sql) => /TO "svc"/.test(sql));
    for (const sql of granted())
      expect(sql).toMatch(/^GRANT (USAGE ON SCHEMA portcullis|EXECUTE ON FUNCTION portcullis\.run_)/);
    expect(granted('person')).toEqual(granted());
    expect(granted('service').filter((sql) => !granted().includes(sql))).toEqual([
      'GRANT staff, management TO "svc"',
    ]);
  });

  it('writes the name of the account as it is, whatever it is', () => {
    const all = sampleSql('S"; DROP ROLE alice; --').join('\n');
    expect(all).toContain('CREATE ROLE "S""; DROP ROLE alice; --" NOLOGIN');
    expect(all.replaceAll('"S""; DROP ROLE alice; --"', '')).not.toContain('DROP ROLE');
  });

  it('is nothing that a person could run', async () => {
    await prepareJudge();
    for (const sql of sampleSql('svc').filter((text) => text.length < 50_000))
      expect(() => judgeStatement(sql, { timeoutSeconds: 1 })).toThrow(/./);
    expect(sampleSql('svc').join('\n')).toContain(wrapperName('alice'));
  });
});
