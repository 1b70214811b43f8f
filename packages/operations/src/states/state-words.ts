import { stationStateOf } from "../definition/state-mapping.ts";
import type { StateCause, StationState } from "../definition/station-state.ts";

/** What the names of states mean in English, German, Spanish, French, Italian and Chinese, without accents; the first state that a name has a word of counts. */
const WORDS: readonly (readonly [state: StationState, words: string])[] = [
  [
    "failed",
    "fault faulted failure failed error alarm aborted tripped emergency stoerung storung gestoert gestort fehler notaus nothalt " +
      "averia fallo falla alarma defecto emergencia defaut panne alarme urgence guasto allarme errore emergenza 故障 报警 急停 异常 错误",
  ],
  [
    "blocked",
    "blocked blocking blockiert stau rueckstau ruckstau bloqueo bloqueado bloqueada bloque bloccato bloccata 阻塞 堵料 堵塞 满料",
  ],
  ["starved", "starved starving teilemangel materialmangel 缺料 待料"],
  [
    "setUp",
    "setup changeover retooling ruesten rusten umruesten umrusten einrichten preparacion cambio reglage attrezzaggio 换型 换模 调机",
  ],
  ["maintenance", "maintenance wartung instandhaltung mantenimiento manutenzione 维护 维修 保养 检修"],
  ["off", "off aus ausgeschaltet abgeschaltet apagado apagada desconectado eteint spento 关机 断电 离线"],
  [
    "idle",
    "idle stop stopped stopping halt halted waiting standby ready steht gestoppt wartet warten bereit stillstand leerlauf " +
      "paro parado parada espera esperando listo reposo arret attente pret fermo arresto attesa pronto 停止 停机 待机 空闲 等待 就绪",
  ],
  [
    "working",
    "running run working producing production executing execute laeuft lauft betrieb produktion produziert arbeitet " +
      "marcha produccion produciendo trabajando funcionando marche marcia produzione lavoro 运行 生产 加工 工作",
  ],
];

const INFLOW = wordsOf("input infeed inlet upstream zulauf einlauf eingang entrada amont ingresso 上游 入口 进料");
const OUTFLOW = wordsOf("output outfeed outlet downstream auslauf ablauf ausgang salida aval uscita 下游 出口 出料");
/** "No fault", "not running", "missing": the other way round, or of something that is not said. */
const NEGATIONS = wordsOf("no not non none kein keine nicht ohne sin sans pas senza 无 未 非 不");

const LISTS = WORDS.map(([state, words]) => [state, wordsOf(words)] as const);

/** The cause that a state has by itself. */
const CAUSES: Partial<Readonly<Record<StationState, StateCause>>> = {
  working: "internal",
  failed: "internal",
  blocked: "downstream",
  starved: "upstream",
  setUp: "internal",
  maintenance: "internal",
  microStop: "internal",
};

const MAX_LOOKED_AT = 100;

/** What the name of a state of a machine seems to mean; undefined where its words do not say. A proposal for a person: no state is concluded of it (P7). */
export function meaningOfStateName(name: string): { readonly state: StationState; readonly cause: StateCause } | undefined {
  const state = stateOfName(name.slice(0, MAX_LOOKED_AT));
  return state === undefined || state === "unknown" ? undefined : { state, cause: CAUSES[state] ?? "unknown" };
}

function stateOfName(name: string): StationState | undefined {
  const words = cut(name);
  const has = (list: readonly string[]) =>
    words.some((word) => list.some((each) => (HAN.test(each) ? word.includes(each) : word === each)));
  if (has(NEGATIONS)) return undefined;
  const exact = stationStateOf(name);
  if (exact !== undefined && exact !== "idle") return exact;
  const state = LISTS.find(([, list]) => has(list))?.[0];
  if (state !== "idle") return state ?? exact;
  // waiting for parts, or for room for them
  if (has(INFLOW)) return "starved";
  return has(OUTFLOW) ? "blocked" : "idle";
}

const HAN = /\p{Script=Han}/u;

/** Words without accents: cut at separators and capitals. ä counts as ae and as a. */
function cut(name: string): readonly string[] {
  const parts = name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .split(/[^\p{L}\p{M}]+/u);
  return parts.flatMap((part) => {
    const bare = part.normalize("NFD").replace(/\p{M}/gu, "");
    const written = part.normalize("NFC").replace(/[äöü]/g, (letter) => ({ ä: "ae", ö: "oe", ü: "ue" })[letter]!);
    return written === part ? [bare] : [bare, written];
  });
}

function wordsOf(text: string): readonly string[] {
  return text.split(" ");
}
