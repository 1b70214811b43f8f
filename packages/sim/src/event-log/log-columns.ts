export type Column = "case" | "activity" | "resource" | "start" | "end" | "time" | "lifecycle";

/** Names that logs have for the same thing: XES extensions, process mining tools, MES and ERP exports. The first that is there counts. */
const NAMES: Readonly<Record<Column, readonly RegExp[]>> = {
  case: [
    /^case[ _:-]?(concept:name|id|identifier|name|key|no|number)?$/i,
    /^(case concept:name|trace[ _-]?id|work ?order([ _-]?(id|no))?|(production[ _-]?|manufacturing[ _-]?)?order([ _-]?(id|no|nr|number))?|serial([ _-]?(no|number))?|job([ _-]?(id|no))?|lot([ _-]?(id|no))?|batch([ _-]?(id|no))?|part[ _-]?id|piece[ _-]?id)$/i,
    /^(fall(nummer|id)?|((fertigungs|werkstatt|betriebs)?auftrag|los|chargen?|serien)(s?[ _-]?(nummer|nr\.?|id))?|fa[ _-]?(nummer|nr\.?))$/i,
    /^(ordre( de fabrication)?|n° ?d['’]ordre|lote|pedido|orden( de (trabajo|producción))?|ordine( di produzione)?|commessa)$/i,
    /^((生产|制造)?(工单|订单)号?|工單號?|訂單號?|案例(编号)?|案件(ID|番号)?|批次号?|批號|流程卡号?|序列号|序號|製令(單號)?|製造番号|指図番号|ロット(番号)?)$/i,
  ],
  activity: [
    /^(activity|concept:name|activity[ _-]?(name|id)|task([ _-]?name)?|operation([ _-]?(name|id|description))?|step([ _-]?name)?|event|event[ _-]?name|(process|production)[ _-]?step)$/i,
    /^(arbeitsschritt|prozessschritt|aktivität|arbeitsgang|arbeitsvorgang|vorgang|op[ée]ration|operación|operazione|工序(名称?)?|工序名稱|工艺|工程(名)?|活动|操作|作業(名)?)$/i,
    /^(station|workcenter|work ?cent(er|re)|arbeitsplatz)$/i,
  ],
  resource: [
    /^(org:resource|resource|resource[ _-]?(id|name)|machine([ _-]?(id|name))?|workstation|work ?cent(er|re)|equipment|station|user|worker([ _-]?id)?)$/i,
    /^(ressource|maschine|arbeitsplatz|anlage|poste( de travail)?|máquina|macchina|设备(编号|名称)?|設備(番号)?|资源|机台|機台|机床|工作中心)$/i,
  ],
  start: [
    /^(start[ _-]?(time|timestamp|date|datetime)?|begin([ _-]?(time|timestamp|date))?|started([ _-]?at)?|start(datum|zeit)|beginn?([ _-]?(datum|zeit))?|开始(时间|日期)|開始(時間|時刻|日時)|开工时间)$/i,
    /^(start_?timestamp|timestamp[ _-]?start|time[ _-]?(start|in)|start[ _-]?zeit|von|début|inicio|inizio|进站时间)$/i,
  ],
  end: [
    /^(end[ _-]?(time|timestamp|date|datetime)?|complete[ _-]?(time|timestamp)?|completed([ _-]?at)?|finish(ed)?([ _-]?(time|timestamp|date|at))?|completion[ _-]?time|stop[ _-]?time|(timestamp|time)[ _-]?(end|complete|out))$/i,
    /^(ende?[ _-]?(datum|zeit)?|bis|fin|fine|结束(时间|日期)|結束時間|終了(時間|時刻|日時)|完成时间|完工时间|出站时间)$/i,
  ],
  time: [
    /^(time:timestamp|timestamp|time|date|datetime|event[ _-]?time|zeit(stempel)?|时间(戳)?)$/i,
    /^(datum|(buchungs|rückmelde)(datum|zeit)|fecha|日期|日時|時間|(报工|过站|记录|操作)时间)$/i,
  ],
  lifecycle: [/^(lifecycle:transition|lifecycle|transition|event[ _-]?type|status|lifecycle[ _-]?transition)$/i],
};

/** What was done stands beside what was planned: `Act. start date`, `Ist-Beginn`, `实际开始时间`. */
const DONE = /^(?:act(?:ual)?\.?|ist|conf(?:irmed)?\.?|实际)[ _.-]*(?=.)/i;

export type ColumnPlaces = Partial<Record<Column, number>>;

/** Which column is what, by the names of the header; `chosen` names columns that someone said. */
export function columnsOf(header: readonly string[], chosen: Readonly<Partial<Record<Column, string>>> = {}): ColumnPlaces {
  const at: ColumnPlaces = {};
  const taken = new Set<number>();
  for (const [column, name] of Object.entries(chosen) as [Column, string][]) {
    const index = header.indexOf(name);
    if (index < 0) continue;
    at[column] = index;
    taken.add(index);
  }
  for (const column of ["case", "activity", "start", "end", "time", "lifecycle", "resource"] as const) {
    if (at[column] !== undefined || chosen[column] === "") continue;
    const index = placeOf(column, header, taken);
    if (index === undefined) continue;
    at[column] = index;
    taken.add(index);
  }
  return at;
}

function placeOf(column: Column, header: readonly string[], taken: ReadonlySet<number>): number | undefined {
  const bare = header.map((name) => name.replace(DONE, ""));
  // where both are there, what was done comes before what was planned
  for (const pattern of NAMES[column])
    for (const fits of [(i: number) => bare[i] !== header[i] && pattern.test(bare[i]!), (i: number) => pattern.test(header[i]!)]) {
      const index = header.findIndex((_, i) => !taken.has(i) && fits(i));
      if (index >= 0) return index;
    }
  return undefined;
}

/** A day and the time of day beside it; without `clock` the column holds both. */
export interface TimePlace {
  readonly day: number;
  readonly clock?: number;
}

const CLOCK = /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AP]M)?$/i;
const WORDS_OF_TIME = /time|uhrzeit|zeit|clock|时间|時間|時刻|时刻|date|datum|day|日期|heure|hora/giu;
const CLOCK_NAMES = /^(time|time[ _-]?of[ _-]?day|clock|uhrzeit|zeit|heure|hora|时间|時間|时刻|時刻)$/i;

/** Where the day stands in one column and the time of day in another: of the same name but for the word, or beside it. */
export function timePlace(
  rows: readonly (readonly string[])[],
  header: readonly string[],
  column: number | undefined,
): TimePlace | undefined {
  if (column === undefined) return undefined;
  const first = (at: number): string =>
    rows
      .slice(1, 50)
      .map((row) => (row[at] ?? "").trim())
      .find((text) => text !== "") ?? "";
  const stem = (name: string) =>
    name
      .replace(DONE, "")
      .toLowerCase()
      .replace(WORDS_OF_TIME, "")
      .replace(/[\s_.-]+/g, "");
  const isClock = (at: number) => CLOCK.test(first(at));
  const partner = (fits: (at: number) => boolean): number | undefined => {
    const of = header.flatMap((name, at) => (at !== column && stem(name) === stem(header[column]!) && fits(at) ? [at] : []));
    return of.find((at) => header[at]!.match(DONE)?.[0] === header[column]!.match(DONE)?.[0]) ?? of[0];
  };
  if (isClock(column)) {
    const day = partner((at) => first(at) !== "" && !isClock(at) && /\d/.test(first(at)));
    return day === undefined ? { day: column } : { day, clock: column };
  }
  if (/\d:\d/.test(first(column)) || first(column) === "") return { day: column };
  const named =
    partner(isClock) ??
    (header[column + 1] !== undefined && isClock(column + 1) && CLOCK_NAMES.test(header[column + 1]!) ? column + 1 : undefined);
  const clock = named ?? header.findIndex((name, at) => at !== column && CLOCK_NAMES.test(name) && isClock(at));
  return clock < 0 ? { day: column } : { day: column, clock };
}
