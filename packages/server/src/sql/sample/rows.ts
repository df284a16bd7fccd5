import { quoteLiteral } from '../wrapper/identifier.ts';
import * as words from './words.ts';

type Value = string | number | boolean | null;

/** Random enough for a sample, and the same in every run: mulberry32. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2023, 0, 2);

const day = (offset: number) => new Date(FIRST_DAY + offset * DAY_MS).toISOString().slice(0, 10);
const instant = (offset: number, minutes: number) =>
  new Date(FIRST_DAY + offset * DAY_MS + (7 * 60 + minutes) * 60_000).toISOString();
const euro = (cents: number) => (cents / 100).toFixed(2);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const CUSTOMERS = 160;
const ORDERS = 1500;
const EMPLOYEES = 48;
const PEOPLE = ['alice', 'bob', 'carol'];

/** Every row of the sample, as statements. */
export function rowsSql(): string[] {
  const pick = seeded(20_231);
  const oneOf = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
  const products = makeProducts(pick);
  const orders = makeOrders(pick, products);
  return [
    insert(
      'catalog.suppliers',
      words.SUPPLIERS.map(([name, country], i) => [i + 1, name, country, 5 + pick(40)]),
    ),
    insert('catalog.products', products),
    insert(
      'catalog.stock',
      products.map(([id]) => [id ?? 0, pick(220), instant(1040 + pick(40), pick(500))]),
    ),
    insert(
      'hr.departments',
      words.DEPARTMENTS.map((name, i) => [i + 1, name]),
    ),
    insert(
      'hr.employees',
      times(EMPLOYEES, (i) => [
        i + 1,
        PEOPLE[i] ?? null,
        i < 3
          ? `${capital(PEOPLE[i] ?? '')} ${words.LAST_NAMES[i]}`
          : `${oneOf(words.FIRST_NAMES)} ${oneOf(words.LAST_NAMES)}`,
        i < 2 ? 'Account manager' : i === 2 ? 'Managing director' : oneOf(words.JOB_TITLES),
        i < 3 ? 1 : 1 + pick(words.DEPARTMENTS.length),
        day(-pick(3000)),
      ]),
    ),
    insert(
      'hr.salaries',
      times(EMPLOYEES * 3, (i) => [
        (i % EMPLOYEES) + 1,
        day(-365 + 365 * Math.floor(i / EMPLOYEES)),
        euro(260_000 + pick(300_000) + 15_000 * Math.floor(i / EMPLOYEES)),
      ]),
    ),
    insert(
      'sales.customers',
      times(CUSTOMERS, (i) => [
        i + 1,
        `${oneOf(words.SHOP_NAMES)} ${oneOf(words.SHOP_KINDS)}`,
        oneOf(i % 2 === 0 ? words.CITIES_NORTH : words.CITIES_SOUTH),
        i % 2 === 0 ? 'north' : 'south',
        i % 2 === 0 ? 'alice' : 'bob',
        day(-pick(2000)),
      ]),
    ),
    ...orders,
    'ANALYZE',
  ];
}

function makeProducts(pick: (below: number) => number): Value[][] {
  return words.CATEGORIES.flatMap(([category, cheapest, dearest], c) =>
    times(15, (i) => {
      const id = c * 15 + i + 1;
      const model = words.MODELS[(id * 7) % words.MODELS.length] as string;
      const cents = cheapest * 100 + pick((dearest - cheapest) * 100);
      return [
        id,
        `BC-${String(1000 + id)}`,
        `${model} ${category.toLowerCase()} ${i + 1}`,
        category,
        euro(cents),
        1 + pick(words.SUPPLIERS.length),
        pick(12) === 0,
      ];
    }),
  );
}

function makeOrders(pick: (below: number) => number, products: readonly Value[][]): string[] {
  const orders: Value[][] = [];
  const lines: Value[][] = [];
  const invoices: Value[][] = [];
  for (let i = 0; i < ORDERS; i++) {
    const id = 700_001 + i;
    const placed = Math.floor((i * 1040) / ORDERS);
    const status = pick(20) === 0 ? 'cancelled' : placed > 1010 ? 'open' : placed > 960 ? 'shipped' : 'paid';
    orders.push([id, 1 + pick(CUSTOMERS), instant(placed, pick(600)), status]);
    let cents = 0;
    for (let line = 1; line <= 1 + pick(5); line++) {
      const product = products[pick(products.length)] as Value[];
      const quantity = 1 + pick(8);
      const price = Math.round((Number(product[4]) * 100 * (85 + pick(16))) / 100);
      cents += quantity * price;
      lines.push([id, line, product[0] ?? 0, quantity, euro(price)]);
    }
    if (status === 'shipped' || status === 'paid')
      invoices.push([
        500_001 + i,
        id,
        day(placed + 2),
        day(placed + 32),
        euro(cents),
        status === 'paid' ? day(placed + 5 + pick(40)) : null,
      ]);
  }
  return [
    insert('sales.orders', orders),
    insert('sales.order_lines', lines),
    insert('sales.invoices', invoices),
  ];
}

function insert(table: string, rows: readonly (readonly Value[])[]): string {
  const text = (value: Value) => (typeof value === 'string' ? quoteLiteral(value) : String(value ?? 'NULL'));
  return `INSERT INTO ${table} VALUES\n${rows.map((row) => `(${row.map(text).join(', ')})`).join(',\n')}`;
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
