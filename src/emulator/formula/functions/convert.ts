// CONVERT: the units Sheets knows, as multiples of one unit per quantity. Results have 15 digits.

import { define, type FunctionSpec, number, text } from '../define.ts';
import { fail } from '../value.ts';

/** Metres; areas and volumes follow from them. */
const LENGTHS: Readonly<Record<string, number>> = {
  m: 1,
  in: 0.0254,
  ft: 0.3048,
  yd: 0.9144,
  mi: 1609.344,
  Nmi: 1852,
  ang: 1e-10,
  ly: 9.46073047258e15,
  Picapt: 0.0254 / 72,
};

function powers(exponent: 2 | 3): Record<string, number> {
  const raised = Object.entries(LENGTHS).map(([name, metres]) => [`${name}^${exponent}`, metres ** exponent]);
  const short = Object.entries(LENGTHS).map(([name, metres]) => [`${name}${exponent}`, metres ** exponent]);
  return Object.fromEntries([...raised, ...short]);
}

const LITRE = 0.001;
const GALLON = 231 * 0.0254 ** 3;
const UK_GALLON = 4.54609 * LITRE;
const ACRE = 4046.8564224;
const CALORIE = 4.1868;
const POUND = 453.59237;
const POUND_FORCE = 4.4482216152605;
const HOUR = 3600;

/** Every quantity's units; names are told apart by case. */
const QUANTITIES: readonly Readonly<Record<string, number>>[] = [
  {
    ...{ g: 1, u: 1.6605390666e-24, grain: 0.06479891, lbm: POUND, ozm: POUND / 16, stone: 14 * POUND },
    ...{ sg: 14593.9029372064, cwt: 100 * POUND, shweight: 100 * POUND, uk_cwt: 112 * POUND, lcwt: 112 * POUND },
    ...{ hweight: 112 * POUND, ton: 2000 * POUND, uk_ton: 2240 * POUND, LTON: 2240 * POUND, brton: 2240 * POUND },
  },
  {
    ...LENGTHS,
    ...{
      ell: 1.143,
      survey_mi: 6336000 / 3937,
      pica: 0.0254 / 6,
      parsec: 3.08567758128155e16,
      pc: 3.08567758128155e16,
    },
    Pica: 0.0254 / 72,
  },
  { sec: 1, s: 1, min: 60, mn: 60, hr: HOUR, day: 24 * HOUR, d: 24 * HOUR, yr: 365.25 * 24 * HOUR },
  { Pa: 1, p: 1, atm: 101325, at: 101325, mmHg: 133.322, Torr: 101325 / 760, psi: 6894.757293168361 },
  { N: 1, dyn: 1e-5, dy: 1e-5, pond: 0.00980665, lbf: POUND_FORCE },
  {
    ...{ J: 1, e: 1e-7, c: 4.184, cal: CALORIE, eV: 1.602176634e-19, ev: 1.602176634e-19, Wh: HOUR, wh: HOUR },
    ...{ HPh: 745.6998715822702 * HOUR, hh: 745.6998715822702 * HOUR, flb: POUND_FORCE * 0.3048 },
    ...{ BTU: 1055.05585262, btu: 1055.05585262 },
  },
  { W: 1, w: 1, HP: 745.6998715822702, h: 745.6998715822702, PS: 735.49875 },
  { T: 1, ga: 1e-4 },
  {
    ...powers(3),
    ...{ l: LITRE, L: LITRE, lt: LITRE, tsp: GALLON / 768, tspm: 5e-6, tbs: GALLON / 256, oz: GALLON / 128 },
    ...{ cup: GALLON / 16, pt: GALLON / 8, us_pt: GALLON / 8, qt: GALLON / 4, gal: GALLON, uk_pt: UK_GALLON / 8 },
    ...{ uk_qt: UK_GALLON / 4, uk_gal: UK_GALLON, bushel: 2150.42 * 0.0254 ** 3, barrel: 42 * GALLON },
    ...{ MTON: 40 * 0.3048 ** 3, GRT: 100 * 0.3048 ** 3, regton: 100 * 0.3048 ** 3 },
  },
  {
    ...powers(2),
    ...{ ar: 100, ha: 10_000, Morgen: 2500, uk_acre: ACRE, us_acre: (43_560 * 1200 ** 2) / 3937 ** 2 },
  },
  { bit: 1, byte: 8 },
  {
    ...{ 'm/s': 1, 'm/sec': 1, 'm/h': 1 / HOUR, 'm/hr': 1 / HOUR, mph: 1609.344 / HOUR, kn: 1852 / HOUR },
    admkn: 1853.184 / HOUR,
  },
];

/** Units that take prefixes; areas and volumes of metres take the prefix to their power. */
const METRIC = new Set(
  'g u m ang ly parsec pc sec s Pa p atm at mmHg N dyn dy J e c cal eV ev Wh wh W w T ga l L lt m/s m/sec m/h m/hr'
    .concat(' m^2 m2 m^3 m3 ang^2 ang2 ang^3 ang3 ly^2 ly2 ly^3 ly3 ar bit byte K kel')
    .split(' '),
);

const PREFIXES: Readonly<Record<string, number>> = {
  ...{ Y: 1e24, Z: 1e21, E: 1e18, P: 1e15, T: 1e12, G: 1e9, M: 1e6, k: 1e3, h: 1e2, da: 1e1, e: 1e1 },
  ...{ d: 1e-1, c: 1e-2, m: 1e-3, u: 1e-6, n: 1e-9, p: 1e-12, f: 1e-15, a: 1e-18, z: 1e-21, y: 1e-24 },
};

const BINARY = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];

interface Unit {
  readonly quantity: number;
  readonly factor: number;
}

function prefixed(name: string): Unit | undefined {
  const binary = BINARY.findIndex((prefix) => name.startsWith(prefix));
  const base = binary < 0 ? undefined : name.slice(2);
  if (base === 'bit' || base === 'byte') {
    const unit = unitOf(base);
    return unit && { ...unit, factor: unit.factor * 1024 ** (binary + 1) };
  }
  for (const length of [1, 2]) {
    const factor = PREFIXES[name.slice(0, length)];
    const rest = name.slice(length);
    if (factor === undefined || !METRIC.has(rest)) continue;
    const unit = unitOf(rest);
    const exponent = /[a-z]\^?([23])$/.exec(rest)?.[1] ?? '1';
    if (unit) return { ...unit, factor: unit.factor * factor ** Number(exponent) };
  }
  return undefined;
}

function unitOf(name: string): Unit | undefined {
  const quantity = QUANTITIES.findIndex((units) => Object.hasOwn(units, name));
  if (quantity >= 0) return { quantity, factor: QUANTITIES[quantity]?.[name] ?? 0 };
  return prefixed(name);
}

/** How a degree counts in kelvins, and where zero lies: kelvins are degrees * step + zero. */
function scaleOf(name: string): { readonly step: number; readonly zero: number } | undefined {
  if (name === 'C' || name === 'cel') return { step: 1, zero: 273.15 };
  if (name === 'F' || name === 'fah') return { step: 5 / 9, zero: 459.67 * (5 / 9) };
  if (name === 'K' || name === 'kel') return { step: 1, zero: 0 };
  if (name === 'Rank') return { step: 5 / 9, zero: 0 };
  return name === 'Reau' ? { step: 1.25, zero: 273.15 } : undefined;
}

function convert(value: number, from: string, to: string): number | undefined {
  const [a, b] = [scaleOf(from), scaleOf(to)];
  if (a && b) return from === to ? value : (value * a.step + a.zero - b.zero) / b.step;
  const [source, target] = [unitOf(from), unitOf(to)];
  if (!source || source.quantity !== target?.quantity) return undefined;
  return (value * source.factor) / target.factor;
}

export const CONVERT_FUNCTIONS: readonly FunctionSpec[] = [
  define('CONVERT', [number, text, text], (_, value, from, to) => {
    const found = convert(value, from, to);
    if (found === undefined) throw fail('N_A', 'Invalid units for conversion.');
    return Number(found.toPrecision(15));
  }),
];
