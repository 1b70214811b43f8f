/** Columns of the list of loads that people handle, as the safety officer keeps it. */
export const taskColumns = [
  "station",
  "task",
  "title_en",
  "title_zh",
  "method",
  "weight_kg",
  "per_piece",
  "horizontal_cm",
  "vertical_cm",
  "distance_cm",
  "angle_deg",
  "coupling",
  "population",
  "posture",
  "twisted",
  "away",
  "handling",
  "conditions",
  "organisation",
] as const;

const lift = (
  station: string,
  task: string,
  titles: readonly [en: string, zh: string],
  weight: number | "",
  [h, v, d, a]: readonly number[],
  coupling: string,
  perPiece = 1,
) => [station, task, ...titles, "niosh", weight, perPiece, h!, v!, d!, a!, coupling, "", "", "", "", "", "", ""];

const sheet = (
  station: string,
  task: string,
  titles: readonly [en: string, zh: string],
  weight: number,
  [posture, twisted, away, handling, conditions, organisation]: readonly number[],
) => [
  station,
  task,
  ...titles,
  "kimLhc",
  weight,
  1,
  "",
  "",
  "",
  "",
  "",
  "women",
  posture!,
  twisted!,
  away!,
  handling!,
  conditions!,
  organisation!,
];

/** Invented: what is lifted by hand where a machine is put together. */
export const handlingTasks: readonly (readonly (string | number)[])[] = [
  lift("S030", "tub", ["Lift the tub out of its rack", "从料架搬出内筒"], 5.5, [45, 95, 30, 30], "fair"),
  lift("S030", "damper", ["Put in the dampers", "装入减振器"], 0.9, [40, 90, 20, 0], "good", 2),
  lift("S040", "weight", ["Lift the counterweight", "搬起配重块"], 11.5, [35, 70, 35, 45], "poor"),
  lift("S050", "motor", ["Place the motor", "放置电机"], 6.2, [40, 65, 25, 30], "fair"),
  lift("S060", "harness", ["Take the harness", "取线束"], "", [45, 110, 30, 0], "good"),
  sheet("S070", "door", ["Hang the door", "挂装机门"], 4.6, [7, 1, 1, 2, 1, 0]),
  sheet("S100", "top", ["Put on the top plate", "装上顶板"], 6.8, [3, 0, 1, 0, 0, 0]),
  sheet("L4-040", "compressor", ["Place the compressor", "放置压缩机"], 13.5, [7, 1, 0, 0, 1, 2]),
];
