import { plantTable, type TableRow } from "../truth/plant-table.ts";
import { hashUnit } from "../truth/chance.ts";

/** Not the plant's seed: engineering was wrong long before the plant ran, and is wrong in the same way in every demo. */
const engineeringSeed = 20_190_401;

/**
 * The table as engineering believed it: every time is 5 to 15 % off, in a direction of its own. Structure (places, buffers, operators, products)
 * is right, as in a real engineering file. Rates of rejection are 5 to 15 % off as well.
 */
export function nominalTable(): readonly TableRow[] {
  return plantTable.map(nominalRow);
}

/** A row of any line as engineering believed it. */
export function nominalRow<Id extends string>(row: TableRow<Id>): TableRow<Id> {
  return {
    ...row,
    cycleS: wrong(`${row.id}.cycle`, row.cycleS),
    ...(row.added
      ? {
          added: Object.fromEntries(
            Object.entries(row.added).map(([product, seconds]) => [product, wrong(`${row.id}.${product}`, seconds)]),
          ),
        }
      : {}),
    ...(row.failure ? { failure: [wrong(`${row.id}.between`, row.failure[0]), wrong(`${row.id}.repair`, row.failure[1])] as const } : {}),
    ...(row.microStop
      ? { microStop: [wrong(`${row.id}.micro`, row.microStop[0]), wrong(`${row.id}.microDuration`, row.microStop[1])] as const }
      : {}),
    ...(row.setUp ? { setUp: { ...row.setUp, durationS: wrong(`${row.id}.setUp`, row.setUp.durationS) } } : {}),
    ...(row.inspection
      ? {
          inspection: {
            ...row.inspection,
            reject: wrong(`${row.id}.reject`, row.inspection.reject),
            retestReject: wrong(`${row.id}.retest`, row.inspection.retestReject),
          },
        }
      : {}),
  };
}

/** 6 to 14 % off before rounding to three digits, so that it is 5 to 15 % off after. */
function wrong(name: string, value: number): number {
  const size = 0.06 + 0.08 * hashUnit(engineeringSeed, `${name}.size`);
  const direction = hashUnit(engineeringSeed, `${name}.direction`) < 0.5 ? -1 : 1;
  return Number((value * (1 + direction * size)).toPrecision(3));
}
