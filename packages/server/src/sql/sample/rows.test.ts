import { describe, expect, it } from 'vitest';
import { rowsSql } from './rows.ts';

/** The rows of a table, as the texts between the brackets. */
function rowsOf(table: string): readonly string[][] {
  const sql = rowsSql().find((text) => text.startsWith(`INSERT INTO ${table} VALUES\n`));
  expect(sql, table).toBeDefined();
  return sql!
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^\(|\),?$/g, '').split(', '));
}
const columnOf = (table: string, place: number) => rowsOf(table).map((row) => row[place]!);

describe('the rows of the sample', () => {
  it.each([
    ['catalog.suppliers', 14],
    ['catalog.products', 120],
    ['catalog.stock', 120],
    ['hr.departments', 6],
    ['hr.employees', 48],
    ['hr.salaries', 144],
    ['sales.customers', 160],
    ['sales.orders', 1500],
  ])('%s has %i, each with its own key', (table, count) => {
    expect(rowsOf(table)).toHaveLength(count);
    const keys =
      table === 'hr.salaries' ? rowsOf(table).map((row) => row.slice(0, 2).join()) : columnOf(table, 0);
    expect(new Set(keys).size).toBe(count);
  });

  it('lead to rows that are there', () => {
    const into = (table: string, place: number, target: string) => {
      const known = new Set(columnOf(target, 0));
      expect(columnOf(table, place).filter((key) => !known.has(key))).toEqual([]);
    };
    into('catalog.products', 5, 'catalog.suppliers');
    into('hr.employees', 4, 'hr.departments');
    into('sales.orders', 1, 'sales.customers');
    into('sales.order_lines', 0, 'sales.orders');
    into('sales.order_lines', 2, 'catalog.products');
    into('sales.invoices', 1, 'sales.orders');
  });

  it('add up: an invoice is worth the lines of its order', () => {
    const sums = new Map<string, number>();
    for (const [order = '', , , quantity, price = ''] of rowsOf('sales.order_lines'))
      sums.set(
        order,
        (sums.get(order) ?? 0) + Number(quantity) * Math.round(Number(price.slice(1, -1)) * 100),
      );
    const invoices = rowsOf('sales.invoices');
    expect(invoices.length).toBeGreaterThan(1000);
    for (const [, order = '', , , amount = ''] of invoices)
      expect(Math.round(Number(amount.slice(1, -1)) * 100)).toBe(sums.get(order));
  });

  it('belong to people who see different ones', () => {
    expect(new Set(columnOf('sales.customers', 4))).toEqual(new Set(["'alice'", "'bob'"]));
  });
});
