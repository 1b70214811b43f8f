import { message, type Message } from "@doppelwerk/messages";
import { hashedId } from "@doppelwerk/world";
import { buildEnvironment, candidatesOf, nameplateProperties, urnOf, type NamedAsset, type NamedPlace, type Shift } from "./documents.ts";
import { findAssets, NAMELESS } from "./find-assets.ts";
import { findFlow, plainName } from "./find-flow.ts";
import { implausibleTime, isPlausible, timesConfidence, timesOf, timesReason } from "./logged-times.ts";
import type { LoggedTimes, Offered, OfferedVariable } from "./offered.ts";
import type { Answers, ProposalEvidence, Proposal, ProposedSignal, Question, Unknown } from "./proposal.ts";
import { packmlStates } from "../definition/state-mapping.ts";
import { findSame, type SameMachine } from "./same-machine.ts";
import { settleRoles, type SettledAsset } from "./settle-roles.ts";
import { grouped } from "./grouped.ts";
import type { FoundValue } from "./find-assets.ts";

/**
 * From what a source offers to documents of its assets, with the reason for each, questions, and what stays unknown. The same input gives the same
 * proposal whatever the order of its nodes; nothing is invented: what no name, type, standard or count tells is not in it.
 */
export function propose(unordered: Offered, answers: Answers = {}): Proposal {
  const offered = inOrder(unordered);
  const found = findAssets(offered);
  const settled = settleRoles(found.assets, answers);
  const sameness = findSame(settled.assets, offered.known ?? [], ({ key }) => urnOf("shell", offered.source, key), answers);
  const assets = named(offered.source, sameness.own, offered.times);
  const joined = sameness.same.map(joinedOf);
  const questions: Question[] = [];
  const unknowns: Unknown[] = [];
  const evidence: ProposalEvidence[] = [];
  const places = placesOf(offered, assets, answers, { questions, unknowns, evidence });
  const environment = buildEnvironment(places, assets);
  evidence.push(...assets.flatMap(evidenceOf), ...joined.flatMap(({ evidence: reasons }) => reasons));
  const all = ordered([...questions, ...sameness.questions, ...settled.questions]).filter(({ id }) => !isAnswered(answers, id));
  const lines = places.filter(({ line }) => line !== undefined).map(({ idShort }) => idShort);
  unknowns.push(...implausible(assets));
  unknowns.push(...unknownsOf(assets, lines, [...found.unexplained, ...settled.undecided], answers, withoutTimes(assets, offered)));
  const signals = assets.flatMap(({ shell, values, idShort: name }) =>
    values.map(({ variable, meaning, idShort }) => ({
      address: variable.address,
      shell,
      idShort,
      name: `${name}.${idShort}`,
      role: meaning.role,
      ...(meaning.counter === undefined ? {} : { counter: meaning.counter }),
    })),
  );
  signals.push(...joined.flatMap(({ signals: more }) => more));
  return {
    environment,
    signals,
    evidence,
    questions: all.slice(0, MAX_QUESTIONS),
    unknowns,
    counts: {
      offered: offered.variables.length,
      assets: assets.length,
      joined: joined.length,
      signals: signals.length,
      flows: places.reduce((sum, { line }) => sum + (line?.order.flows.length ?? 0), 0),
      nameplates: assets.filter(({ asset }) => nameplateProperties(asset).length > 0).length,
      candidates: assets.reduce((sum, { values }) => sum + candidatesOf(values).length, 0),
    },
  };
}

/** Of a machine that another source told of: what that one does not tell yet, at its shell. What both tell is not told twice. */
function joinedOf({ asset, known, reason, confidence }: SameMachine): {
  readonly signals: readonly ProposedSignal[];
  readonly evidence: readonly ProposalEvidence[];
} {
  const name = known.names[0] ?? asset.name;
  const taken = new Set<string>();
  const told = asset.values.filter(({ meaning }) => known.roles.includes(meaning.role));
  const fresh = asset.values
    .filter(({ meaning }) => !known.roles.includes(meaning.role))
    .map((value) => ({ ...value, idShort: unique(propertyName(value, asset), taken) }));
  const twice = told.map(({ meaning }) => meaning.role).toSorted();
  return {
    signals: fresh.map(({ variable, meaning, idShort }) => ({
      address: variable.address,
      shell: known.shell,
      idShort,
      name: `${name}.${idShort}`,
      role: meaning.role,
      ...(meaning.counter === undefined ? {} : { counter: meaning.counter }),
    })),
    evidence: [
      {
        kind: "asset",
        shell: known.shell,
        subject: name,
        message:
          twice.length === 0
            ? reason
            : message("operations.proposal.keptFromOther", { reason, roles: twice.join(", "), count: twice.length, source: known.source }),
        confidence,
      },
      ...fresh.map(({ meaning, idShort }): ProposalEvidence => ({
        kind: "signal",
        shell: known.shell,
        subject: `${name}.${idShort}`,
        message: meaning.reason,
        confidence: Math.round(meaning.confidence * 100) / 100,
      })),
    ],
  };
}

const MAX_QUESTIONS = 10;
const MAX_EXAMPLES = 5;
const MAX_FOLDERS = 20;

const isAnswered = (answers: Answers, id: string) => Object.hasOwn(answers, id) && answers[id]!.trim() !== "";
const answerOf = (answers: Answers, id: string) => (isAnswered(answers, id) ? answers[id]!.trim() : undefined);

type Placed = { readonly path: readonly string[] };
const byPath = (a: Placed, b: Placed): number => compare(a.path.join("\u001f"), b.path.join("\u001f"));

/** By address, each once: servers list what they have in any order, and again under other folders. */
function inOrder(offered: Offered): Offered {
  const variables = new Map<string, OfferedVariable>();
  for (const variable of offered.variables.toSorted(byPath))
    if (!variables.has(variable.address)) variables.set(variable.address, variable);
  return { ...offered, variables: [...variables.values()], objects: offered.objects.toSorted(byPath) };
}

const QUESTIONS = ["same:", "Good:", "Total:", "Reject:", "takt:", "shifts:", "constraint:", "order:", "timeZone", "name:", "site"];

function rank({ id }: Question): number {
  const at = QUESTIONS.findIndex((start) => id.startsWith(start));
  return at < 0 ? QUESTIONS.length : at;
}

/** Each once; the ones without which no figure of a line can be right come first. */
function ordered(questions: readonly Question[]): readonly Question[] {
  return [...new Map(questions.map((question) => [question.id, question])).values()].toSorted((a, b) => rank(a) - rank(b));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function named(source: string, assets: readonly SettledAsset[], logged: readonly LoggedTimes[] | undefined): readonly NamedAsset[] {
  const taken = new Set<string>();
  return assets.map((asset) => {
    const idsTaken = new Set<string>();
    const uri = asset.properties["ProductInstanceUri"];
    const idShort = unique(asset.name, taken);
    const times = timesOf([asset.name, idShort], logged);
    return {
      asset,
      idShort,
      ...(times === undefined ? {} : { times }),
      shell: urnOf("shell", source, asset.key),
      globalAssetId: uri !== undefined && /^[a-z][a-z0-9+.-]*:\S{1,1900}$/i.test(uri) ? uri : urnOf("asset", source, asset.key),
      values: asset.values.map((value) => ({ ...value, idShort: unique(propertyName(value, asset), idsTaken) })),
    };
  });
}

/**
 * The role; where several have it, the source's own name too, or that with the one above it, and never a number in a row: that would mean another
 * value when one more is found.
 */
function propertyName({ meaning: { role }, variable }: FoundValue, { values }: SettledAsset): string {
  const alike = values.filter(({ meaning }) => meaning.role === role);
  if (alike.length === 1) return role;
  const tail = ({ path }: OfferedVariable, depth: number) => path.filter((name) => !NAMELESS.test(name)).slice(-depth);
  for (const depth of [1, 2, 3]) {
    const names = tail(variable, depth);
    const same = (depth === 1 ? values : alike).filter(({ variable: other }) => tail(other, depth).join("/") === names.join("/"));
    const said = names.map((name) => name.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, ""));
    if (same.length > 1 || said.includes("") || names.some((name) => HAN.test(name))) continue;
    const own = said.join("_");
    return own.includes(role) ? own.slice(-100) : `${role}_${own.slice(-60)}`;
  }
  return `${role}_${hashedId("value", "", variable.address).slice(-8)}`;
}

const HAN = /\p{Script=Han}/u;

const CHINESE_STEMS: Readonly<Record<string, string>> = {
  工位: "Station",
  工站: "Station",
  站: "Station",
  设备: "Machine",
  机台: "Machine",
  机器人: "Robot",
  压机: "Press",
  产线: "Line",
  生产线: "Line",
  线: "Line",
  车间: "Hall",
  区域: "Area",
};

/** The word, else what it ends with: `总装线` is a line. */
function stemOf(han: string): string {
  for (let at = 0; at < han.length; at++) {
    const stem = CHINESE_STEMS[han.slice(at)];
    if (stem !== undefined) return stem;
  }
  return "";
}

/** Letters that are more than a letter with a mark. */
const LATIN: Readonly<Record<string, string>> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  Ä: "Ae",
  Ö: "Oe",
  Ü: "Ue",
  ß: "ss",
  æ: "ae",
  ø: "o",
  ł: "l",
  đ: "d",
};

/** AASd-002: letters, digits, underscore and hyphen, beginning with a letter, at least two. What has no Latin letters is translated where it is a known word. */
export function unique(name: string, taken: Set<string>): string {
  const latin = name
    .replace(/\p{Script=Han}+/gu, (han) => stemOf(han))
    .normalize("NFC")
    .replace(/[äöüÄÖÜßæøłđ]/g, (letter) => LATIN[letter]!)
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .replace(/[^A-Za-z0-9_-]+/g, "_");
  const trimmed = latin
    .replace(/^[^A-Za-z]+/, "")
    .replace(/[_-]+$/, "")
    .slice(0, 100);
  // a name of other letters keeps its idShort whatever else is found
  const rest = latin.replace(/\W|_/g, "");
  const base = trimmed.length >= 2 ? trimmed : `Asset_${rest === "" ? hashedId("name", "", name).slice(-6) : rest}`;
  let id = base;
  for (let n = 2; taken.has(id.toLowerCase()); n++) id = `${base}_${n}`;
  taken.add(id.toLowerCase());
  return id;
}

interface Notes {
  readonly questions: Question[];
  readonly unknowns: Unknown[];
  readonly evidence: ProposalEvidence[];
}

/** ISA-95: areas and lines that names or locations tell; every station is in one line, a line nobody named bears the name of the source. */
function placesOf(offered: Offered, assets: readonly NamedAsset[], answers: Answers, notes: Notes): readonly NamedPlace[] {
  const tops = assets.filter(({ asset }) => asset.parent === undefined);
  if (tops.length === 0) return [];
  const lines = grouped(tops, ({ asset }) => asset.place.join("/"));
  const taken = new Set(assets.map(({ idShort }) => idShort.toLowerCase()));
  const place = (
    level: NamedPlace["level"],
    path: string,
    name: string,
    children: NamedPlace["children"],
    line?: NamedPlace["line"],
  ): NamedPlace => ({
    level,
    name,
    idShort: unique(name, taken),
    shell: urnOf("shell", offered.source, `${level}/${path}`),
    globalAssetId: urnOf("asset", offered.source, `${level}/${path}`),
    children,
    ...(line === undefined ? {} : { line }),
  });
  const areas = new Map<string, NamedPlace[]>();
  for (const [path, members] of [...lines].toSorted(([a], [b]) => compare(a, b))) {
    const told = members[0]!.asset.place;
    const lineId = path === "" ? "line" : path;
    const name = answerOf(answers, `name:${lineId}`) ?? told.at(-1) ?? offered.name;
    if (told.length === 0)
      notes.questions.push({
        id: `name:${lineId}`,
        message: message("operations.proposal.askLineName", { source: offered.name }),
      });
    const made = place("line", path, name, members, lineOf(lineId, name, members, offered, answers, notes));
    notes.evidence.push({
      kind: "tree",
      shell: made.shell,
      subject: HAN.test(name) ? `${name} (${made.idShort})` : made.idShort,
      message:
        told.length > 0
          ? message("operations.proposal.placeStated", { count: members.length, place: told.join(" / ") })
          : message("operations.proposal.placeUnknown"),
      confidence: told.length > 0 ? 0.95 : 0.6,
    });
    const area = told.length > 1 ? told[0]! : "";
    areas.set(area, [...(areas.get(area) ?? []), made]);
    const shown = (id: string) => shownName(members.find(({ idShort }) => idShort === id)!);
    for (const flow of made.line?.order.flows ?? [])
      notes.evidence.push({
        kind: "flow",
        shell: made.shell,
        subject: `${shown(flow.from)} → ${shown(flow.to)}`,
        message: flow.reason,
        confidence: flow.confidence,
      });
  }
  const outer = [...areas].flatMap(([name, held]) => (name === "" ? [] : [place("area", name, name, held)]));
  const site = answerOf(answers, "site");
  const loose = areas.get("") ?? [];
  notes.questions.push({ id: "site", message: message("operations.proposal.askSiteName") });
  return [...(site === undefined ? [] : [place("site", "site", site, [...outer, ...loose])]), ...outer, ...[...areas.values()].flat()];
}

function lineOf(
  id: string,
  name: string,
  members: readonly NamedAsset[],
  offered: Offered,
  answers: Answers,
  notes: Notes,
): NamedPlace["line"] {
  const stations = members.filter(
    ({ asset, idShort }) =>
      asset.station || (offered.precedence ?? []).some(({ from, to }) => from === asset.name || to === asset.name || from === idShort),
  );
  if (stations.length === 0) return undefined;
  const ids = new Set(stations.map(({ idShort }) => idShort));
  const refuse = (question: string, answer: string) =>
    notes.unknowns.push({
      message: message("operations.proposal.answerNotUnderstood", { question, answer: answer.slice(0, 100) }),
      count: 0,
      examples: [],
    });
  const orderAnswer = answerOf(answers, `order:${id}`);
  // stations are answered with by their idShort, or as people call them
  const called = new Map(stations.map((station) => [station.idShort, choiceOf(station)]));
  const byName = new Map([...called].flatMap(([id, name]) => [[name, id] as const, [id, id] as const]));
  const stationOf = (answer: string) => byName.get(answer) ?? answer;
  const wanted = orderAnswer
    ?.split(/[\s,，、>→]+/)
    .filter((part) => part !== "")
    .map(stationOf);
  const wantedWell = wanted?.every((part) => ids.has(part)) === true && new Set(wanted).size === wanted.length;
  if (orderAnswer !== undefined && !wantedWell) refuse(`order:${id}`, orderAnswer);
  const order = findFlow(
    stations.map(({ idShort, asset }) => ({ idShort, name: asset.name })),
    offered.precedence,
    wantedWell ? [...wanted!, ...[...ids].filter((station) => !wanted!.includes(station))] : undefined,
  );
  const takt = answerOf(answers, `takt:${id}`);
  const taktS = takt === undefined ? undefined : Number(takt.replace(",", "."));
  const taktWell = taktS !== undefined && taktS > 0 && taktS < 1e6;
  if (takt !== undefined && !taktWell) refuse(`takt:${id}`, takt);
  const constraintAnswer = answerOf(answers, `constraint:${id}`);
  const constraint = constraintAnswer && stationOf(constraintAnswer);
  if (constraint !== undefined && !ids.has(constraint)) refuse(`constraint:${id}`, constraint);
  const calendar = answerOf(answers, `shifts:${id}`);
  const shifts = calendar === undefined ? [] : shiftsOf(calendar);
  if (calendar !== undefined && shifts.length === 0) refuse(`shifts:${id}`, calendar);
  const timeZone = answerOf(answers, "timeZone");
  const shownOrder = order.order.map((station) => called.get(station)!);
  notes.questions.push(
    { id: `takt:${id}`, message: message("operations.proposal.askTakt", { line: name }) },
    { id: `shifts:${id}`, message: message("operations.proposal.askShifts", { line: name }) },
    { id: "timeZone", message: message("operations.proposal.askTimeZone") },
    {
      id: `constraint:${id}`,
      message: message("operations.proposal.askConstraint", { line: name }),
      choices: [...called.values()],
    },
    ...(order.byName
      ? [{ id: `order:${id}`, message: message("operations.proposal.askOrder", { line: name, stations: shortened(shownOrder) }) }]
      : []),
  );
  return {
    stations,
    order,
    ...(taktWell ? { taktS } : {}),
    ...(constraint !== undefined && ids.has(constraint) ? { constraint } : {}),
    shifts,
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

const MAX_NAMED = 12;

/** A sentence, not a list: of a long line its beginning and its end. */
function shortened(names: readonly string[]): string {
  if (names.length <= MAX_NAMED) return names.join(" ");
  return `${names.slice(0, MAX_NAMED - 3).join(" ")} … ${names.slice(-2).join(" ")} (${names.length})`;
}

/** `Early 06:00-14:00 Mon Tue; Late 14:00-22:00 Mon`: nothing is taken unless all of it is understood. */
function shiftsOf(answer: string): readonly Shift[] {
  const shifts = daysInEnglish(answer.slice(0, 2_000))
    .split(/[;；]/)
    .map((part) =>
      /^\s*(\S[^:\d]{0,40}?)\s+(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})\s+((?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[\s,]*)+)$/i.exec(part),
    );
  if (shifts.some((match) => match === null)) return [];
  return shifts.map((match) => ({ name: match![1]!, start: match![2]!, end: match![3]!, days: match![4]!.trim() }));
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** 周一, 星期一, Mo: the days as they are written in the languages of the screens. */
function daysInEnglish(answer: string): string {
  return answer
    .replaceAll(/(?:周|星期)([一二三四五六日天])[\s,，、]*/gu, (_, day: string) => `${DAYS[Math.min(6, "一二三四五六日天".indexOf(day))]} `)
    .replaceAll(/\b(Mo|Di|Mi|Do|Fr|Sa|So)\b/g, (_, day: string) => DAYS[["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"].indexOf(day)]!)
    .replaceAll("：", ":");
}

/** A station in a question: what people call it where its idShort cannot say that, and it is one word. */
function choiceOf({ asset, idShort }: Pick<NamedAsset, "asset" | "idShort">): string {
  return idShort.startsWith("Asset_") && HAN.test(asset.name) && !/[\s,，、>→]/.test(asset.name) ? asset.name : idShort;
}

/** What people call it, where its idShort cannot say that. */
function shownName({ asset, idShort }: Pick<NamedAsset, "asset" | "idShort">): string {
  return idShort.startsWith("Asset_") && HAN.test(asset.name) ? `${asset.name} (${idShort})` : idShort;
}

function evidenceOf({ asset, shell, idShort: id, values, times }: NamedAsset): readonly ProposalEvidence[] {
  const told = nameplateProperties(asset);
  const idShort = shownName({ asset, idShort: id });
  return [
    { kind: "asset", shell, subject: idShort, message: asset.reason, confidence: asset.confidence },
    ...(told.length === 0
      ? []
      : [
          {
            kind: "nameplate" as const,
            shell,
            subject: idShort,
            message: message("operations.proposal.nameplate", { properties: told.join(", ") }),
            confidence: 0.98,
          },
        ]),
    ...(times === undefined || !isPlausible(times)
      ? []
      : [
          {
            kind: "time" as const,
            shell,
            subject: `${idShort}.LoggedTimes`,
            message: timesReason(times),
            confidence: timesConfidence(times),
          },
        ]),
    ...values.map(({ idShort: property, meaning }): ProposalEvidence => ({
      kind: "signal",
      shell,
      subject: `${idShort}.${property}`,
      message: meaning.reason,
      confidence: Math.round(meaning.confidence * 100) / 100,
    })),
    ...candidatesOf(values).map(({ idShort: property, variable }): ProposalEvidence => {
      const { min, max, count, overS } = variable.samples!;
      const hours = Math.round(overS / 3_600);
      return {
        kind: "candidate",
        shell,
        subject: `${idShort}.${property}`,
        message: message("operations.proposal.observedRange", { min, max, count, hours }),
        confidence: 0.5,
      };
    }),
  ];
}

/** Stations whose times of the log cannot be times of work. */
function implausible(assets: readonly NamedAsset[]): readonly Unknown[] {
  const examples = assets.flatMap(({ times, idShort }) =>
    times !== undefined && !isPlausible(times) ? [implausibleTime(times, idShort)] : [],
  );
  return examples.length === 0 ? [] : [{ message: message("operations.proposal.implausibleTimes"), count: examples.length, examples }];
}

/** Steps of an event log of which it does not say how long they take. */
function withoutTimes(assets: readonly NamedAsset[], { precedence = [] }: Offered): readonly string[] {
  const steps = new Set(precedence.flatMap(({ from, to }) => [plainName(from), plainName(to)]));
  const isStep = ({ asset, idShort }: NamedAsset) => steps.has(plainName(asset.name)) || steps.has(plainName(idShort));
  return assets.filter((named) => named.times === undefined && isStep(named)).map(({ idShort }) => idShort);
}

function unknownsOf(
  assets: readonly NamedAsset[],
  lines: readonly string[],
  variables: readonly OfferedVariable[],
  answers: Answers,
  untimed: readonly string[],
): readonly Unknown[] {
  const unknowns: Unknown[] = [];
  const list = (reason: Message, names: readonly string[]) => {
    if (names.length > 0) unknowns.push({ message: reason, count: names.length, examples: names.slice(0, MAX_EXAMPLES) });
  };
  const stations = assets.filter(({ asset }) => asset.station);
  const without = (...roles: string[]) =>
    stations.filter(({ values }) => !values.some(({ meaning }) => roles.includes(meaning.role))).map(({ idShort }) => idShort);
  list(message("operations.proposal.noState"), without("ItemState", "VendorState", "OperationMode"));
  list(message("operations.proposal.noCount"), without("Total", "Good"));
  list(message("operations.proposal.noWorkTime"), untimed);
  list(
    message("operations.proposal.unmappedState"),
    stations
      .filter(({ values }) =>
        values.some(({ meaning, variable }) => meaning.role === "VendorState" && packmlStates(variable.enumeration) === undefined),
      )
      .map(({ idShort }) => idShort),
  );
  list(
    message("operations.proposal.noManufacturer"),
    assets.filter(({ asset }) => nameplateProperties(asset).length === 0).map(({ idShort }) => idShort),
  );
  list(
    message("operations.proposal.noManufacturerAddress"),
    assets.filter(({ asset }) => nameplateProperties(asset).length > 0).map(({ idShort }) => idShort),
  );
  const noUnit = assets.flatMap(({ idShort, values }) =>
    values
      .filter(({ variable }) => variable.valueType === "double" && variable.unit === undefined)
      .map((value) => `${idShort}.${value.idShort}`),
  );
  list(message("operations.proposal.noUnit"), noUnit);
  if (answerOf(answers, "timeZone") === undefined) list(message("operations.proposal.noTimeZone"), lines);
  const folders = [...grouped(variables, ({ path }) => path.slice(0, Math.min(2, path.length - 1)).join("/") || "/")];
  folders.sort(([a, x], [b, y]) => y.length - x.length || compare(a, b));
  const leaveOut = (reason: Message, inside: readonly OfferedVariable[]) =>
    unknowns.push({
      message: reason,
      count: inside.length,
      examples: inside.slice(0, MAX_EXAMPLES).map(({ path }) => path.join("/").slice(0, 200)),
    });
  for (const [folder, inside] of folders.slice(0, MAX_FOLDERS))
    leaveOut(message("operations.proposal.notProposed", { folder: folder.slice(0, 200) }), inside);
  const rest = folders.slice(MAX_FOLDERS).flatMap(([, inside]) => inside);
  const others = folders.length - MAX_FOLDERS;
  if (rest.length > 0) leaveOut(message("operations.proposal.notProposedElsewhere", { folders: others }), rest);
  return unknowns;
}
