import { describe, expect, it } from 'vitest';
import { createWrapperSql } from '../wrapper/wrapper.ts';
import { rightsSql, SAMPLE_PEOPLE, serviceRightsSql } from './rights.ts';
import { STRUCTURE } from './structure.ts';

const all = rightsSql('svc').join(';\n');

describe('the rights of the sample', () => {
  it('make every person a role that can not log in, and that is staff', () => {
    for (const person of SAMPLE_PEOPLE) {
      expect(all).toContain(`CREATE ROLE ${person} NOLOGIN;\nGRANT staff TO ${person};`);
      for (const sql of createWrapperSql(person, 'svc')) expect(all).toContain(sql);
    }
    expect(all.match(/GRANT management TO \w+/g)).toEqual(['GRANT management TO carol']);
  });

  it('give rights to staff alone', () => {
    const grants = all.match(/^GRANT .*(SCHEMA catalog|TABLES|FUNCTIONS).* TO .*;/gm) ?? [];
    expect(grants.length).toBe(3);
    for (const grant of grants) expect(grant).toMatch(/ TO staff;$/);
    expect(all).toContain('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    expect(all).toMatch(/REVOKE EXECUTE ON ALL FUNCTIONS .* FROM PUBLIC/);
  });

  it('show rows by person wherever a table leads to a customer or a salary', () => {
    const tables = [...STRUCTURE.matchAll(/CREATE TABLE ((?:sales|hr)\.\w+)/g)].map(([, name]) => name!);
    const secured = [
      ...all.matchAll(/ALTER TABLE ([\w.]+) ENABLE ROW LEVEL SECURITY;\nCREATE POLICY \w+ ON \1 /g),
    ].map(([, name]) => name!);
    expect(secured.sort()).toEqual(
      tables.filter((name) => !['hr.departments', 'hr.employees'].includes(name)).sort(),
    );
  });

  it('make the service account a member of both groups only on request', () => {
    expect(all).not.toMatch(/GRANT (staff|management)[^;]* TO "svc"/);
    expect(serviceRightsSql('s"v')).toEqual(['GRANT staff, management TO "s""v"']);
  });
});
