/** A company that makes and sells bicycles: its tables, with comments for whoever asks questions about them. */
export const STRUCTURE = `
CREATE SCHEMA catalog;
COMMENT ON SCHEMA catalog IS 'What Brindle Cycles makes and sells, and who supplies the parts.';
CREATE SCHEMA sales;
COMMENT ON SCHEMA sales IS 'Customers, their orders and invoices. Account managers see their own customers only.';
CREATE SCHEMA hr;
COMMENT ON SCHEMA hr IS 'The people of Brindle Cycles. Salaries are shown to the person concerned and to the management.';

CREATE TABLE catalog.suppliers (
  supplier_id integer PRIMARY KEY,
  name text NOT NULL,
  country char(2) NOT NULL,
  lead_time_days integer NOT NULL
);
COMMENT ON TABLE catalog.suppliers IS 'Companies that deliver frames, wheels and parts.';
COMMENT ON COLUMN catalog.suppliers.country IS 'Two letters, ISO 3166-1.';
COMMENT ON COLUMN catalog.suppliers.lead_time_days IS 'Days from an order to its delivery, as agreed.';

CREATE TABLE catalog.products (
  product_id integer PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  name text NOT NULL,
  category text NOT NULL,
  list_price numeric(10, 2) NOT NULL,
  supplier_id integer NOT NULL REFERENCES catalog.suppliers,
  discontinued boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE catalog.products IS 'Everything that can be ordered.';
COMMENT ON COLUMN catalog.products.list_price IS 'Euro, without tax.';

CREATE TABLE catalog.stock (
  product_id integer PRIMARY KEY REFERENCES catalog.products,
  on_hand integer NOT NULL,
  counted_at timestamptz NOT NULL
);
COMMENT ON TABLE catalog.stock IS 'What lies in the warehouse.';
COMMENT ON COLUMN catalog.stock.counted_at IS 'When somebody last counted.';

CREATE TABLE hr.departments (
  department_id integer PRIMARY KEY,
  name text NOT NULL UNIQUE
);
COMMENT ON TABLE hr.departments IS 'Departments of the company.';

CREATE TABLE hr.employees (
  employee_id integer PRIMARY KEY,
  username name UNIQUE,
  full_name text NOT NULL,
  job_title text NOT NULL,
  department_id integer NOT NULL REFERENCES hr.departments,
  hired_on date NOT NULL
);
COMMENT ON TABLE hr.employees IS 'Everybody who works here.';
COMMENT ON COLUMN hr.employees.username IS 'Name of this person in the database, where there is one.';

CREATE TABLE hr.salaries (
  employee_id integer NOT NULL REFERENCES hr.employees,
  valid_from date NOT NULL,
  monthly_amount numeric(10, 2) NOT NULL,
  PRIMARY KEY (employee_id, valid_from)
);
COMMENT ON TABLE hr.salaries IS 'Monthly salary in euro from a day on. Everybody sees their own; the management sees all.';

CREATE TABLE sales.customers (
  customer_id integer PRIMARY KEY,
  name text NOT NULL,
  city text NOT NULL,
  region text NOT NULL,
  account_manager name NOT NULL,
  customer_since date NOT NULL
);
COMMENT ON TABLE sales.customers IS 'Bicycle shops that buy from us.';
COMMENT ON COLUMN sales.customers.region IS 'north or south.';
COMMENT ON COLUMN sales.customers.account_manager IS 'Database name of the person who looks after this customer, and who sees its orders.';

CREATE TABLE sales.orders (
  order_id bigint PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES sales.customers,
  ordered_at timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'shipped', 'paid', 'cancelled'))
);
COMMENT ON TABLE sales.orders IS 'One order of one customer.';
COMMENT ON COLUMN sales.orders.status IS 'open, shipped, paid or cancelled.';
CREATE INDEX ON sales.orders (customer_id);

CREATE TABLE sales.order_lines (
  order_id bigint NOT NULL REFERENCES sales.orders,
  line_number smallint NOT NULL,
  product_id integer NOT NULL REFERENCES catalog.products,
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_price numeric(10, 2) NOT NULL,
  PRIMARY KEY (order_id, line_number)
);
COMMENT ON TABLE sales.order_lines IS 'What was ordered.';
COMMENT ON COLUMN sales.order_lines.unit_price IS 'Euro, as agreed in this order.';

CREATE TABLE sales.invoices (
  invoice_id bigint PRIMARY KEY,
  order_id bigint NOT NULL UNIQUE REFERENCES sales.orders,
  issued_on date NOT NULL,
  due_on date NOT NULL,
  amount numeric(12, 2) NOT NULL,
  paid_on date
);
COMMENT ON TABLE sales.invoices IS 'One invoice for each shipped or paid order.';
COMMENT ON COLUMN sales.invoices.paid_on IS 'Empty as long as the money has not arrived.';

CREATE VIEW sales.open_invoices WITH (security_invoker = true) AS
  SELECT i.invoice_id, c.name AS customer, i.amount, i.due_on
  FROM sales.invoices AS i JOIN sales.orders USING (order_id) JOIN sales.customers AS c USING (customer_id)
  WHERE i.paid_on IS NULL;
COMMENT ON VIEW sales.open_invoices IS 'Invoices that wait for their money.';

CREATE FUNCTION sales.revenue_by_month(wanted_year integer)
RETURNS TABLE (month date, revenue numeric) LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT date_trunc('month', i.issued_on)::date, sum(i.amount)
  FROM sales.invoices AS i WHERE extract(year FROM i.issued_on) = wanted_year GROUP BY 1 ORDER BY 1;
END;
COMMENT ON FUNCTION sales.revenue_by_month IS 'Revenue of each month of a year in euro, of the customers that you see.';

CREATE FUNCTION catalog.price_with_tax(wanted_product integer, tax_percent numeric DEFAULT 19)
RETURNS numeric LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT round(p.list_price * (1 + tax_percent / 100), 2) FROM catalog.products AS p WHERE p.product_id = wanted_product;
END;
COMMENT ON FUNCTION catalog.price_with_tax IS 'List price of a product with tax, in euro.';
`;
