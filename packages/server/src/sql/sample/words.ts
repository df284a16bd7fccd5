export const SUPPLIERS: readonly (readonly [name: string, country: string])[] = [
  ['Aldermere Frames', 'IE'],
  ['Brücke Rahmenbau', 'DE'],
  ['Castelnovo Ruote', 'IT'],
  ['Dalgaard Gear', 'DK'],
  ['Esk Saddlery', 'GB'],
  ['Fenouil Composants', 'FR'],
  ['Gouda Kettingen', 'NL'],
  ['Hallstad Lys', 'NO'],
  ['Iseo Freni', 'IT'],
  ['Jura Naben', 'CH'],
  ['Kestrel Tyres', 'GB'],
  ['Lomnice Kola', 'CZ'],
  ['Minho Selins', 'PT'],
  ['Nove Pedale', 'SI'],
];

/** With the cheapest and the dearest price, in euro. */
export const CATEGORIES: readonly (readonly [name: string, cheapest: number, dearest: number])[] = [
  ['City bike', 480, 1400],
  ['Touring bike', 900, 2600],
  ['Cargo bike', 1900, 5200],
  ['Child bike', 180, 460],
  ['Wheel', 60, 480],
  ['Saddle', 25, 190],
  ['Light', 15, 140],
  ['Lock', 20, 160],
];

export const MODELS = [
  'Heron',
  'Linden',
  'Moor',
  'Pebble',
  'Rowan',
  'Skylark',
  'Thistle',
  'Wren',
  'Yarrow',
  'Birch',
  'Cinder',
  'Dune',
  'Ember',
] as const;

export const DEPARTMENTS = ['Sales', 'Workshop', 'Design', 'Purchasing', 'Warehouse', 'Office'] as const;

export const JOB_TITLES = [
  'Mechanic',
  'Welder',
  'Designer',
  'Buyer',
  'Warehouse clerk',
  'Accountant',
  'Apprentice',
  'Painter',
] as const;

export const FIRST_NAMES = [
  'Amal',
  'Beatriz',
  'Chen',
  'Dorothea',
  'Emil',
  'Farah',
  'Goran',
  'Hanna',
  'Ibrahim',
  'Jana',
  'Kofi',
  'Lucía',
  'Milan',
  'Noor',
  'Oskar',
  'Priya',
] as const;

export const LAST_NAMES = [
  'Ashdown',
  'Berger',
  'Costa',
  'Dvořák',
  'Eriksen',
  'Fontaine',
  'García',
  'Huang',
  'Ivanova',
  'Jensen',
  'Kowalski',
  "O'Malley",
  'Petit',
  'Rossi',
  'Šimić',
  'Okafor',
] as const;

export const SHOP_NAMES = [
  'Bell and Spoke',
  'Chainring',
  'Corner',
  'Freewheel',
  'Gearbox',
  'Green Lane',
  'Handlebar',
  'Harbour',
  'Old Mill',
  'Pedal',
  'Red Door',
  'Riverside',
  'Station',
  'Two Wheels',
] as const;

export const SHOP_KINDS = ['Bicycles', 'Bike Shop', 'Cycles', 'Velo', 'Bike Works'] as const;

export const CITIES_NORTH = ['Aarhus', 'Bremen', 'Groningen', 'Hamburg', 'Kiel', 'Malmö', 'Rostock'] as const;

export const CITIES_SOUTH = ['Basel', 'Bolzano', 'Freiburg', 'Graz', 'Lyon', 'München', 'Torino'] as const;
