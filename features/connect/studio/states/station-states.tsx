import { Button, SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { DeclaredSignal, MappingEdit, RawWord, ReadingVersion, StationReading, WordMeaning } from "@doppelwerk/client";
import { LIVE, SECOND, type Instant } from "@doppelwerk/world";
import { Declaration, Meaning } from "../signal-declaration.tsx";
import {
  Card,
  Failure,
  SignalValue,
  durationText,
  errorText,
  fromLocal,
  momentText,
  stateLook,
  toLocal,
  useLoad,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Zone } from "@doppelwerk/kit/studio";
import { Effect } from "./effect.tsx";

/** In the order in which they are looked for. */
export const STATES = ["working", "failed", "blocked", "starved", "setUp", "idle", "microStop", "maintenance", "break", "off", "unknown"];
const CAUSES = ["unknown", "internal", "upstream", "downstream", "utility", "material", "operator"];
/** What is offered beside a word that nobody mapped, with the cause that the state has by itself. */
const QUICK: readonly WordMeaning[] = [
  { state: "working", cause: "internal" },
  { state: "failed", cause: "internal" },
  { state: "blocked", cause: "downstream" },
  { state: "starved", cause: "upstream" },
  { state: "setUp", cause: "internal" },
  { state: "idle", cause: "unknown" },
];
type Bit = "blockedBit" | "starvedBit" | "neighbours";
type Draft = Pick<MappingEdit, "words" | Bit>;
type Since = "record" | "now" | "instant";

/** One station: its raw words with how often and how long they stood, what each means, and what another meaning would change before it is kept. */
export function StationStates({
  station,
  days,
  onChanged,
}: {
  readonly station: string;
  readonly days: number;
  readonly onChanged: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const read = useLoad((signal) => studio.client.stationReading(station, days, { signal }), [station, days]);
  const [draft, setDraft] = useState<Draft>({});
  const [since, setSince] = useState<Since>("record");
  const [moment, setMoment] = useState("");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const reading = read.value;
  if (reading === undefined)
    return read.kind === "failed" ? (
      <Failure message={read.message} onRetry={read.reload} />
    ) : (
      <p className="dw-quiet">{t("connect.states.looking")}</p>
    );
  const newest = reading.versions.at(-1)!;
  const count =
    Object.keys(draft.words ?? {}).length +
    (["blockedBit", "starvedBit", "neighbours"] as const).filter((bit) => draft[bit] !== undefined).length;
  const from = since === "record" ? undefined : since === "now" ? studio.now() : instantOf(moment, zone);
  const ready = count > 0 && !(since === "instant" && from === undefined);
  const edit: MappingEdit = { ...draft, ...(from === undefined ? {} : { from }) };
  const map = (word: string, meaning: WordMeaning | null | undefined): void =>
    setDraft(({ words, ...rest }) => {
      const { [word]: _before, ...others } = words ?? {};
      const next = meaning === undefined ? others : { ...others, [word]: meaning };
      return Object.keys(next).length === 0 ? rest : { ...rest, words: next };
    });
  const done = (): void => {
    setDraft({});
    setReason("");
    read.reload();
    onChanged();
  };
  const undo = (): void => {
    studio.live
      .undo(LIVE)
      .then(() => {
        studio.notify("plain", t("connect.states.undone", { station }));
        done();
      })
      .catch((error: unknown) => studio.notify("trouble", t("branch.undoFailed"), errorText(error)));
  };
  const save = (): void => {
    setBusy(true);
    setFailure(undefined);
    studio.client
      .mapStates(station, {
        ...edit,
        expected: Math.max(...reading.versions.map(({ version }) => version)),
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      })
      .then(({ version }) => {
        studio.notify("good", t("connect.states.saved", { station, version }), undefined, { label: t("connect.states.undo"), run: undo });
        done();
      })
      .catch((error: unknown) => setFailure(errorText(error)))
      .finally(() => setBusy(false));
  };
  return (
    <div className="dw-states-one">
      <Card
        title={t("connect.states.wordsOf", { station })}
        note={t("connect.states.wordsNote", { from: momentText(reading.from, zone, language, false) })}
      >
        {reading.signal === null ? (
          <p className="dw-quiet">{t("connect.states.noWord")}</p>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) save();
            }}
          >
            <Words reading={reading} draft={draft} onMap={map} />
            <Bits
              newest={newest}
              draft={draft}
              disabled={!reading.mayEdit}
              onChange={(bit, on) => setDraft(withBit(draft, bit, on, newest))}
            />
            {count > 0 && (
              <div className="dw-states-save">
                <SegmentedControl
                  size="sm"
                  aria-label={t("connect.states.since")}
                  value={since}
                  onChange={(next) => setSince(next as Since)}
                  data={(["record", "now", "instant"] as const).map((value) => ({ value, label: t(`connect.states.sinces.${value}`) }))}
                />
                {since === "instant" && (
                  <TextInput
                    size="sm"
                    type="datetime-local"
                    step={1}
                    aria-label={t("connect.states.instant", { zone: zone.name })}
                    value={moment}
                    max={new Date(toLocal(zone, studio.now()) / 1_000).toISOString().slice(0, 19)}
                    onChange={(event) => setMoment(event.currentTarget.value)}
                  />
                )}
                <TextInput
                  size="sm"
                  className="dw-grow"
                  aria-label={t("connect.states.reason")}
                  placeholder={t("connect.states.reason")}
                  maxLength={500}
                  value={reason}
                  onChange={(event) => setReason(event.currentTarget.value)}
                />
                <Button size="sm" variant="default" onClick={() => setDraft({})}>
                  {t("connect.states.discard")}
                </Button>
                <Button size="sm" type="submit" loading={busy} disabled={!ready || !reading.mayEdit}>
                  {t("connect.states.save", { count })}
                </Button>
                <p className="dw-quiet">{t(`connect.states.sinceTexts.${since}`)}</p>
              </div>
            )}
            {ready && since !== "now" && <Effect station={station} edit={edit} />}
            {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
          </form>
        )}
      </Card>
      <Versions versions={reading.versions} onUndo={reading.mayEdit ? undo : undefined} />
      <RoleSignals signals={reading.signals} mayAdminister={reading.mayAdminister} onSaved={read.reload} />
    </div>
  );
}

function Words({
  reading,
  draft,
  onMap,
}: {
  readonly reading: StationReading;
  readonly draft: Draft;
  readonly onMap: (word: string, meaning: WordMeaning | null | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  const shown = new Set(reading.words.map(({ word }) => word));
  // a word that has not stood for long is mapped all the same
  const silent = Object.entries(reading.versions.at(-1)!.words).flatMap(([word, meaning]): RawWord[] =>
    shown.has(word) ? [] : [{ word, ...meaning, count: 0, seconds: 0, last: 0, by: "mapping", readAs: [] }],
  );
  const open = reading.words.filter(({ by }) => by === "nothing");
  const known = [...reading.words.filter(({ by }) => by !== "nothing"), ...silent];
  if (open.length + known.length === 0) return <p className="dw-quiet">{t("connect.states.nothingSeen")}</p>;
  return (
    <table className="dw-written dw-states-words">
      <thead>
        <tr>
          <th>{t("connect.states.word")}</th>
          <th className="is-number">{t("connect.states.times")}</th>
          <th className="is-number">{t("connect.states.stood")}</th>
          <th>{t("connect.states.readAs")}</th>
          <th>{t("connect.states.means")}</th>
        </tr>
      </thead>
      <tbody>
        {[...open, ...known].map((word) => (
          <WordRow
            key={word.word}
            word={word}
            meaning={draft.words?.[word.word]}
            disabled={!reading.mayEdit}
            onMap={(next) => onMap(word.word, next)}
          />
        ))}
      </tbody>
      {(reading.more > 0 || reading.cut) && (
        <caption className="dw-quiet">{t(reading.cut ? "connect.states.cut" : "connect.states.more", { count: reading.more })}</caption>
      )}
    </table>
  );
}

function WordRow({
  word,
  meaning,
  disabled,
  onMap,
}: {
  readonly word: RawWord;
  /** In the draft: null takes the meaning away. */
  readonly meaning: WordMeaning | null | undefined;
  readonly disabled: boolean;
  readonly onMap: (meaning: WordMeaning | null | undefined) => void;
}): ReactNode {
  const { t, language } = useWords();
  const standing: WordMeaning | undefined = word.by === "mapping" ? { state: word.state, cause: word.cause } : undefined;
  const now = meaning === undefined ? standing : (meaning ?? undefined);
  const choose = (next: WordMeaning | undefined): void => {
    if (next?.state === standing?.state && next?.cause === standing?.cause) onMap(undefined);
    else onMap(next ?? null);
  };
  const most = word.readAs.reduce((sum, { seconds }) => sum + seconds, 0);
  return (
    <tr className={word.by === "nothing" && meaning === undefined ? "is-open" : meaning === undefined ? "" : "is-changed"}>
      <td data-label={t("connect.states.word")}>
        <code className="dw-states-word">{word.word}</code>
      </td>
      <td data-label={t("connect.states.times")} className="is-number">
        {word.count === 0 ? "–" : word.count}
      </td>
      <td data-label={t("connect.states.stood")} className="is-number">
        {word.seconds === 0 ? "–" : durationText(word.seconds * SECOND, language)}
      </td>
      <td data-label={t("connect.states.readAs")}>
        {word.readAs.length === 0
          ? t.or(`machineState.${word.by === "nothing" ? "unknown" : word.state}`, word.state ?? "")
          : word.readAs.slice(0, 3).map(({ state, seconds }) => (
              <span key={state} className={`dw-states-read is-${stateLook(state)}`}>
                {t.or(`machineState.${state}`, state)} {word.readAs.length > 1 && `${Math.round((100 * seconds) / most)} %`}
              </span>
            ))}
      </td>
      <td data-label={t("connect.states.means")}>
        {now === undefined && !disabled ? (
          <span className="dw-states-quick" role="group" aria-label={t("connect.states.quick", { word: word.word })}>
            {QUICK.map((each) => (
              <Button key={each.state} size="compact-xs" variant="default" onClick={() => choose(each)}>
                {t.or(`machineState.${each.state}`, each.state)}
              </Button>
            ))}
            {word.by === "standard" && <small>{t("connect.states.byStandard")}</small>}
          </span>
        ) : (
          <span className="dw-states-meaning">
            <Select
              size="xs"
              aria-label={t("connect.states.stateOf", { word: word.word })}
              disabled={disabled}
              data={STATES.map((state) => ({ value: state, label: t.or(`machineState.${state}`, state) }))}
              value={now?.state ?? null}
              onChange={(state) => choose(state === null ? undefined : { state, cause: now?.cause ?? "unknown" })}
              clearable
            />
            <Select
              size="xs"
              aria-label={t("connect.states.causeOf", { word: word.word })}
              disabled={disabled || now === undefined}
              data={CAUSES.map((cause) => ({ value: cause, label: t.or(`connect.states.causes.${cause}`, cause) }))}
              allowDeselect={false}
              value={now?.cause ?? "unknown"}
              onChange={(cause) => now !== undefined && choose({ state: now.state, cause: cause ?? "unknown" })}
            />
          </span>
        )}
      </td>
    </tr>
  );
}

function Bits({
  newest,
  draft,
  disabled,
  onChange,
}: {
  readonly newest: ReadingVersion;
  readonly draft: Draft;
  readonly disabled: boolean;
  readonly onChange: (bit: Bit, on: boolean) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-states-bits">
      {(["blockedBit", "starvedBit", "neighbours"] as const).map((bit) => (
        <Switch
          key={bit}
          size="sm"
          disabled={disabled}
          checked={draft[bit] ?? newest[bit]}
          label={t(`connect.states.bits.${bit}`)}
          description={t(`connect.states.bitTexts.${bit}`)}
          onChange={(event) => onChange(bit, event.currentTarget.checked)}
        />
      ))}
    </div>
  );
}

function withBit(draft: Draft, bit: Bit, on: boolean, newest: ReadingVersion): Draft {
  const { [bit]: _before, ...rest } = draft;
  return on === newest[bit] ? rest : { ...rest, [bit]: on };
}

function Versions({
  versions,
  onUndo,
}: {
  readonly versions: readonly ReadingVersion[];
  readonly onUndo: (() => void) | undefined;
}): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <Card title={t("connect.states.versions")} note={t("connect.states.versionsNote")}>
      <table className="dw-written">
        <thead>
          <tr>
            <th>{t("connect.states.version")}</th>
            <th>{t("connect.states.holds")}</th>
            <th className="is-number">{t("connect.states.wordsMapped")}</th>
            <th>{t("connect.states.differs")}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version, at) => (
            <tr key={version.version}>
              <td data-label={t("connect.states.version")}>{version.version}</td>
              <td data-label={t("connect.states.holds")}>
                {version.from === undefined ? t("connect.states.fromStart") : momentText(version.from, zone, language)}
              </td>
              <td data-label={t("connect.states.wordsMapped")} className="is-number">
                {Object.keys(version.words).length}
              </td>
              <td data-label={t("connect.states.differs")}>
                {at === 0
                  ? "–"
                  : differences(versions[at - 1]!, version)
                      .slice(0, 12)
                      .join(", ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {onUndo !== undefined && (
        <Button size="compact-sm" variant="subtle" leftSection={<IconArrowBackUp size={15} />} onClick={onUndo}>
          {t("connect.states.undoMine")}
        </Button>
      )}
    </Card>
  );
}

/** Words that mean something else in the later version. */
function differences(before: ReadingVersion, after: ReadingVersion): readonly string[] {
  const spell = (meaning: WordMeaning | undefined) => (meaning === undefined ? "" : `${meaning.state}/${meaning.cause}`);
  return [...new Set([...Object.keys(before.words), ...Object.keys(after.words)])].filter(
    (word) => spell(before.words[word]) !== spell(after.words[word]),
  );
}

function RoleSignals({
  signals,
  mayAdminister,
  onSaved,
}: {
  readonly signals: readonly DeclaredSignal[];
  readonly mayAdminister: boolean;
  readonly onSaved: () => void;
}): ReactNode {
  const { t } = useWords();
  const [edited, setEdited] = useState<DeclaredSignal | undefined>(undefined);
  return (
    <Card title={t("connect.states.signals")} note={t("connect.states.signalsNote")}>
      <table className="dw-written">
        <tbody>
          {signals.map((signal) => (
            <tr key={signal.id}>
              <td data-label={t("connect.connection.signal")}>
                <b>{signal.name}</b>
              </td>
              <td data-label={t("commands.now")} className="is-number">
                <SignalValue id={signal.id} />
              </td>
              <td data-label={t("connect.connection.meaning")}>
                <Meaning signal={signal} />
              </td>
              <td className="dw-row-actions">
                <Button size="compact-sm" variant="subtle" onClick={() => setEdited(signal)}>
                  {t("connect.connection.declare")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {edited !== undefined && (
        <Declaration
          key={edited.id}
          signal={edited}
          all={signals}
          mayAdminister={mayAdminister}
          onClose={() => setEdited(undefined)}
          onSaved={() => {
            setEdited(undefined);
            onSaved();
          }}
        />
      )}
    </Card>
  );
}

/** The instant of `2026-11-25T10:42:07` in the zone of the plant; undefined while it is being typed. */
function instantOf(text: string, zone: Zone): Instant | undefined {
  const local = Date.parse(`${text}Z`);
  return Number.isNaN(local) ? undefined : fromLocal(zone, local * 1_000);
}
