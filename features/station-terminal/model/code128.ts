/** Widths of bars and spaces of the 107 symbols of Code 128 (ISO/IEC 15417), the stop without its last bar. */
const WIDTHS =
  "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232233111".match(
    /.{6}/g,
  )!;
const START_B = 104;
const START_C = 105;
const TO_B = 100;
const TO_C = 99;
const STOP = 106;
/** Letters of one code: longer ones are not read by scanners any more. */
export const MAX_CODE128 = 48;

/** Whether a text can be written: printable ASCII, not too long. */
export const isCode128 = (text: string): boolean => /^[\x20-\x7e]+$/.test(text) && text.length <= MAX_CODE128;

/** Symbols with start, check and stop: four or more digits in set C, else set B. */
export function code128Symbols(text: string): readonly number[] {
  if (!isCode128(text)) throw new RangeError("printable ASCII, 1 to 48 letters");
  const digitsAt = (at: number): number => /^\d*/.exec(text.slice(at))![0].length;
  let isC = digitsAt(0) >= 4;
  const symbols = [isC ? START_C : START_B];
  for (let at = 0; at < text.length;) {
    if (isC && digitsAt(at) >= 2) {
      symbols.push(Number(text.slice(at, at + 2)));
      at += 2;
    } else if (isC) {
      symbols.push(TO_B);
      isC = false;
    } else if (digitsAt(at) >= 6 || (digitsAt(at) >= 4 && at + digitsAt(at) === text.length)) {
      if (digitsAt(at) % 2 === 1) symbols.push(text.charCodeAt(at++) - 32);
      symbols.push(TO_C);
      isC = true;
    } else symbols.push(text.charCodeAt(at++) - 32);
  }
  const check = symbols.reduce((sum, symbol, at) => sum + symbol * Math.max(1, at), 0) % 103;
  return [...symbols, check, STOP];
}

/** Widths of bars and spaces in modules, a bar first. */
export function code128Widths(text: string): readonly number[] {
  const widths = code128Symbols(text).flatMap((symbol) => [...WIDTHS[symbol]!].map(Number));
  return [...widths, 2];
}
