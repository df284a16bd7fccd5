import { quoteIdentifier } from '../wrapper/identifier.ts';
import { createWrapperSql, WRAPPER_SCHEMA } from '../wrapper/wrapper.ts';

/** The people of the sample: two account managers, and one of the management. */
export const SAMPLE_PEOPLE = ['alice', 'bob', 'carol'] as const;

const ROLES = `
CREATE ROLE staff NOLOGIN;
CREATE ROLE management NOLOGIN;
${SAMPLE_PEOPLE.map((person) => `CREATE ROLE ${person} NOLOGIN;\nGRANT staff TO ${person};`).join('\n')}
GRANT management TO carol;
`;

const GRANTS = `
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA catalog, sales, hr TO staff;
GRANT SELECT ON ALL TABLES IN SCHEMA catalog, sales, hr TO staff;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA catalog, sales FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA catalog, sales TO staff;
`;

const ROW_SECURITY = `
ALTER TABLE sales.customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_customers ON sales.customers FOR SELECT
  USING (account_manager = current_user OR pg_has_role(current_user, 'management', 'MEMBER'));
COMMENT ON POLICY own_customers ON sales.customers IS 'Account managers see their own customers; the management sees all.';

ALTER TABLE sales.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY orders_of_own_customers ON sales.orders FOR SELECT
  USING (customer_id IN (SELECT c.customer_id FROM sales.customers AS c));

ALTER TABLE sales.order_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY lines_of_own_customers ON sales.order_lines FOR SELECT
  USING (order_id IN (SELECT o.order_id FROM sales.orders AS o));

ALTER TABLE sales.invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY invoices_of_own_customers ON sales.invoices FOR SELECT
  USING (order_id IN (SELECT o.order_id FROM sales.orders AS o));

ALTER TABLE hr.salaries ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_salary ON hr.salaries FOR SELECT
  USING (pg_has_role(current_user, 'management', 'MEMBER')
    OR employee_id IN (SELECT e.employee_id FROM hr.employees AS e WHERE e.username = current_user));
`;

/** Roles, rights, row security, and the wrapper of each person. */
export function rightsSql(serviceAccount: string): string[] {
  const service = quoteIdentifier(serviceAccount);
  return [
    ROLES,
    GRANTS,
    ROW_SECURITY,
    `CREATE ROLE ${service} NOLOGIN`,
    `CREATE SCHEMA ${WRAPPER_SCHEMA}`,
    `GRANT USAGE ON SCHEMA ${WRAPPER_SCHEMA} TO ${service}`,
    ...SAMPLE_PEOPLE.flatMap((person) => createWrapperSql(person, serviceAccount)),
  ];
}

/** The rights of the service account where everybody acts as it, since nobody signs in: it reads what the management reads. */
export function serviceRightsSql(serviceAccount: string): string[] {
  return [`GRANT staff, management TO ${quoteIdentifier(serviceAccount)}`];
}
