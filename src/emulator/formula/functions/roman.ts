// Roman numerals, and the narrow forms of wide characters. Knows no functions.

const VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };

/** Numerals by value; each further list is one step more concise than those before it. */
const NUMERALS: readonly (readonly (readonly [value: number, numeral: string])[])[] = [
  [
    [1000, 'M'],
    [900, 'CM'],
    [500, 'D'],
    [400, 'CD'],
    [100, 'C'],
    [90, 'XC'],
    [50, 'L'],
    [40, 'XL'],
    [10, 'X'],
    [9, 'IX'],
    [5, 'V'],
    [4, 'IV'],
    [1, 'I'],
  ],
  [
    [950, 'LM'],
    [450, 'LD'],
    [95, 'VC'],
    [45, 'VL'],
  ],
  [
    [990, 'XM'],
    [490, 'XD'],
    [99, 'IC'],
    [49, 'IL'],
  ],
  [
    [995, 'VM'],
    [495, 'VD'],
  ],
  [
    [999, 'IM'],
    [499, 'ID'],
  ],
];

/** A number from 1 to 3999; `form` 0 is classic, 4 the most concise. */
export function toRoman(value: number, form: number): string {
  const numerals = NUMERALS.slice(0, form + 1)
    .flat()
    .sort(([a], [b]) => b - a);
  let [left, written] = [value, ''];
  for (const [worth, numeral] of numerals) {
    for (; left >= worth; left -= worth) written += numeral;
  }
  return written;
}

/** The number of a numeral in any form, a minus sign allowed; undefined for what is none. */
export function fromRoman(written: string): number | undefined {
  const match = /^(-?)([IVXLCDM]*)$/i.exec(written.trim());
  if (!match) return undefined;
  const worths = [...(match[2] ?? '').toUpperCase()].map((letter) => VALUES[letter] ?? 0);
  let total = 0;
  let greatest = 0;
  for (const worth of worths.reverse()) {
    total += worth < greatest ? -worth : worth;
    greatest = Math.max(greatest, worth);
  }
  return match[1] ? -total + 0 : total;
}

/** Wide Katakana by what their narrow forms are composed to. */
function katakana(): ReadonlyMap<string, string> {
  const narrow = Array.from({ length: 0x3f }, (_, index) => String.fromCharCode(0xff61 + index));
  const marks = ['', '\uff9e', '\uff9f'];
  const pairs = narrow.flatMap((one) => marks.map((mark) => one + mark));
  return new Map(pairs.reverse().map((one) => [one.normalize('NFKC'), one]));
}

let narrowOf: ReadonlyMap<string, string> | undefined;

/** Wide letters, digits, signs and Katakana as their narrow forms. */
export function narrowed(text: string): string {
  narrowOf ??= katakana();
  const known = narrowOf;
  return text.replace(/[\u3000-\u30ff\uff01-\uff5e]/g, (one) => {
    if (one === '\u3000') return ' ';
    const code = one.charCodeAt(0);
    return code >= 0xff01 ? String.fromCharCode(code - 0xfee0) : (known.get(one) ?? one);
  });
}
