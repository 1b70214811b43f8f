// Words of plants in English, German, Spanish and Chinese, and what they mean. A word that means two things in plants ("IO": in order, input/output) decides nothing alone.

export type Sense =
  | "count"
  | "good"
  | "bad"
  | "total"
  | "shift"
  | "cycle"
  | "time"
  | "state"
  | "mode"
  | "blocked"
  | "starved"
  | "product"
  | "fault"
  | "station"
  | "line"
  | "area"
  | "no"
  | "temperature"
  | "pressure"
  | "rotation"
  | "electricCurrent"
  | "power"
  | "energy"
  | "torque"
  | "force"
  | "flow"
  | "level"
  | "vibration"
  | "humidity"
  | "last"
  | "setting"
  | "part"
  | "old";

const WORDS: Readonly<Record<Sense, string>> = {
  count:
    "count counter cnt zaehler zahler zlr zae stueckzahl stuckzahl stueckz stk anzahl anz menge qty 计数 计数器 数量 产量 件数 contador contaje",
  good: "good gut ok passed 合格 良品 buenas buenos",
  bad: "bad reject rejects rejected rejectcount nok nio scrap ausschuss ausschuß schlecht 不合格 不良 不良品 废品 次品 rechazo rechazos mermas merma defectuosas",
  total: "total ges gesamt summe processed produced 总 合计 累计 总数",
  shift: "shift schicht 班次 当班 turno",
  cycle: "cycle takt zyklus zykl cycletime 节拍 周期 循环 ciclo",
  time: "time zeit dauer 时间 tiempo",
  last: "last letzte letzter ist act actual 上次 实际 ultimo ultima",
  state: "state status zustand betriebszustand 状态 estado situacion",
  mode: "mode betriebsart 模式 modo",
  blocked: "blocked blockiert stau 堵料 阻塞 bloqueado",
  starved: "starved teilemangel materialmangel 缺料 待料",
  product: "product produkt variante variant 产品 品种 producto",
  fault: "fault alarm error warning stoerung storung stoer fehler warnung 故障 报警 警告 averia fallo alarma",
  station:
    "st stn station op afo maschine machine robot roboter rob presse press ofen zelle cell 工位 工站 站 设备 机台 机器人 压机 maquina estacion",
  line: "line linie 线 产线 生产线 linea",
  area: "hall halle hal area bereich werk 车间 区域 nave",
  temperature: "temperature temperatur temp 温度 temperatura",
  pressure: "pressure druck 压力 presion",
  rotation: "drehzahl rpm spindlespeed 转速",
  electricCurrent: "motorstrom strom 电流",
  power: "power leistung wirkleistung 功率",
  energy: "energy energie 电能 能耗 电量 energia",
  torque: "torque drehmoment 扭矩",
  force: "force kraft presskraft",
  flow: "durchfluss volumenstrom flowrate 流量 caudal",
  level: "fuellstand fullstand level 液位 nivel",
  vibration: "vibration schwingung 振动",
  humidity: "humidity feuchte luftfeuchte 湿度 humedad",
  part: "part parts teil teile werkstueck werkstuck 零件 工件 pieza piezas",
  setting:
    "soll sollwert set commanded programmed nominal desired requested setpoint setp sp target ziel nenn vorgabe par param parameter grenz grenze grenzwert limit limits lower upper threshold min max vorwahl preset rezept recipe config konfig cfg offset korrektur kalib calib hyst toleranz tol 设定 设定值 目标 标准 额定 给定 预设 允许 公差 阈值 参数 配方 上限 下限 修正 最大 最小 consigna parametro parametros receta",
  no: "reserve res spare frei unused alt old test sim hmi visu anzeige diag diagnose backup kopie copy merker tmp hilf hm flanke edge timer ton tof tp quittung reset ack byte word bit raw roh tmr puffer 备用 测试 旧 仿真 显示 调试 复位 临时 未用 诊断 reservado",
  old: "vortag gestern previous prev vorige vorher letzteschicht 昨日 上班次",
};

const SENSES: ReadonlyMap<string, Sense> = new Map(
  (Object.entries(WORDS) as [Sense, string][]).flatMap(([sense, words]) => words.split(/\s+/).map((word) => [word, sense] as const)),
);
const MAX_WORD_LENGTH = Math.max(...[...SENSES.keys()].map((word) => word.length));
const HAN = /\p{Script=Han}/u;

export interface Token {
  readonly text: string;
  readonly sense: Sense | undefined;
}

const MAX_NAME = 200;

/** Plants repeat their names thousands of times, and each is looked at in several ways. */
const cutBefore = new Map<string, readonly Token[]>();
const MAX_KEPT = 20_000;

/** The words of one name: cut at separators, capitals, digits; German compounds and Chinese by the words they are made of. */
export function tokensOf(name: string): readonly Token[] {
  const known = cutBefore.get(name);
  if (known !== undefined) return known;
  const tokens = cutIntoTokens(name);
  if (cutBefore.size >= MAX_KEPT) cutBefore.clear();
  cutBefore.set(name, tokens);
  return tokens;
}

function cutIntoTokens(name: string): readonly Token[] {
  const cut = name
    .slice(0, MAX_NAME)
    .normalize("NFC")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .replace(/(\p{Script=Han}+)/gu, " $1 ")
    .replace(/(\d+)/g, " $1 ");
  return cut
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== "")
    .flatMap(wordTokens);
}

/** ä is written ae or a where a controller knows no umlauts: both forms are looked up. */
function plain(word: string): readonly string[] {
  const low = unaccented(word.toLowerCase().replaceAll("ß", "ss"));
  if (!/[äöü]/.test(low)) return [low];
  const by = (to: string) => low.replace(/[äöü]/g, (letter) => ({ ä: "a", ö: "o", ü: "u" })[letter]! + to);
  return [by("e"), by("")];
}

/** "situación" and "situacion": accents other than the two dots are left out in controllers. */
function unaccented(word: string): string {
  return word.replace(/[áàâéèêíìîóòôúùû]/g, (letter) => letter.normalize("NFD")[0]!);
}

function wordTokens(word: string): readonly Token[] {
  for (const form of plain(word)) {
    const sense = SENSES.get(form);
    if (sense !== undefined) return [{ text: form, sense }];
  }
  const whole = plain(word)[0]!;
  if (HAN.test(word)) return covered(whole, 1) ?? headed(whole, 2) ?? [{ text: whole, sense: undefined }];
  for (const form of plain(word)) {
    const parts = form.length >= 6 ? covered(form, 3) : undefined;
    if (parts !== undefined) return parts;
  }
  for (const form of plain(word)) {
    const parts = headed(form, 5);
    if (parts !== undefined) return parts;
  }
  return [{ text: whole, sense: undefined }];
}

/** Quantities that compounds end with. */
const HEADS: ReadonlySet<Sense> = new Set([
  "temperature",
  "pressure",
  "rotation",
  "electricCurrent",
  "power",
  "energy",
  "torque",
  "force",
  "flow",
  "level",
  "vibration",
  "humidity",
]);

/** The last part of a compound says what it is, what stands before it of what: `Spindeltemperatur`, `主轴温度`. The rest is one word that nobody here knows. */
function headed(word: string, shortest: number): readonly Token[] | undefined {
  for (let at = 1; at <= word.length - shortest; at++) {
    const text = word.slice(at);
    const sense = SENSES.get(text);
    if (sense === undefined || !HEADS.has(sense)) continue;
    const before = word.slice(0, at);
    // `Solltemperatur…` with a word unknown in front is a setting all the same
    const known = [...SENSES].find(
      ([each, of]) => NOT_MEASURED.has(of) && each.length >= (HAN.test(each) ? 2 : 4) && before.includes(each),
    );
    return [...(known === undefined ? [{ text: before, sense: undefined }] : [{ text: before, sense: known[1] }]), { text, sense }];
  }
  return undefined;
}

const NOT_MEASURED: ReadonlySet<Sense> = new Set(["setting", "no", "old", "fault"]);

/** Longest words first from the left; all of it must be made of known words, but for the letters German links them with. */
function covered(word: string, shortest: number): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < word.length) {
    let length = Math.min(MAX_WORD_LENGTH, word.length - at);
    while (length >= shortest && !SENSES.has(word.slice(at, at + length))) length--;
    if (length >= shortest) {
      const text = word.slice(at, at + length);
      tokens.push({ text, sense: SENSES.get(text) });
      at += length;
    } else if (shortest > 1 && tokens.length > 0 && /[sne]/.test(word[at]!)) at++;
    else return undefined;
  }
  return tokens;
}
