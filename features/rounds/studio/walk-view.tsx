import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { inLanguage, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { KnownRound } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { CheckPoint } from "../model/round-kind.ts";
import { isBeyond, missingChecks } from "../model/walks.ts";
import { CheckField, type Given } from "./check-field.tsx";
import { Scanner, type Scanned } from "./scanner.tsx";
import { newId, type WalkMemory } from "./walk-memory.ts";

/** A walk that goes on in this browser. */
interface CurrentWalk {
  readonly walk: string;
  /** Points that were answered. */
  readonly done: readonly string[];
}

export function currentWalk(memory: WalkMemory, round: string): CurrentWalk | undefined {
  return memory.get<CurrentWalk>(`walk.${round}`);
}

interface WalkProps {
  readonly round: KnownRound;
  readonly memory: WalkMemory;
  readonly onEnd: () => void;
  readonly onLeave: () => void;
}

/** A walk: point by point, each with its code and its checks. */
export function WalkView({ round, memory, onEnd, onLeave }: WalkProps): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { code, points, title } = round.fields;
  const [walk, setWalk] = useState<CurrentWalk>(() => currentWalk(memory, code) ?? { walk: newId(), done: [] });
  const [at, setAt] = useState(() => firstOpen(points, walk.done));
  const [isBegun, setBegun] = useState(() => currentWalk(memory, code) !== undefined);
  const keep = (next: CurrentWalk): void => {
    setWalk(next);
    memory.set(`walk.${code}`, next);
  };
  const said = (entry: Parameters<WalkMemory["add"]>[0], photos?: Readonly<Record<string, string>>): boolean => {
    if (memory.add(entry, photos) !== undefined) return true;
    studio.notify("trouble", t("rounds.noRoom"));
    return false;
  };
  const answer = (point: CheckPoint, given: Given, scanned: Scanned | undefined, note: string): void => {
    if (!isBegun && !said({ kind: "started", walk: walk.walk, round: code })) return;
    setBegun(true);
    const { answers, photos } = given;
    const read = scanned === undefined ? {} : { scanned: scanned.text, how: scanned.how };
    const entry = {
      kind: "answered" as const,
      walk: walk.walk,
      round: code,
      point: point.id,
      answers,
      ...read,
      ...(note.trim() !== "" && { note: note.trim() }),
    };
    if (!said(entry, photos)) return;
    const done = [...new Set([...walk.done, point.id])];
    keep({ ...walk, done });
    setAt(firstOpen(points, done));
  };
  const finish = (): void => {
    if (!said({ kind: "finished", walk: walk.walk, round: code })) return;
    memory.set(`walk.${code}`, undefined);
    onEnd();
  };
  const point = points[at];
  return (
    <section className="dw-rounds-walk" aria-label={inLanguage(title, language)}>
      <header>
        <h2>{inLanguage(title, language)}</h2>
        <Route points={points} done={walk.done} at={at} onAt={setAt} />
      </header>
      {point === undefined ? (
        <p>{t("rounds.allAnswered")}</p>
      ) : (
        <PointForm key={point.id} point={point} codes={round.codes[point.id] ?? []} onAnswer={answer} />
      )}
      <footer>
        <Button variant="default" onClick={onLeave}>
          {t("rounds.leave")}
        </Button>
        <Button variant={point === undefined ? "filled" : "default"} disabled={walk.done.length === 0} onClick={finish}>
          {t("rounds.finish", { done: walk.done.length, count: points.length })}
        </Button>
      </footer>
    </section>
  );
}

function Route({
  points,
  done,
  at,
  onAt,
}: {
  readonly points: readonly CheckPoint[];
  readonly done: readonly string[];
  readonly at: number;
  readonly onAt: (at: number) => void;
}): ReactNode {
  const { language } = useWords();
  return (
    <ol className="dw-rounds-route">
      {points.map(({ id, title }, index) => (
        <li key={id} className={done.includes(id) ? "is-done" : undefined}>
          <button type="button" aria-current={index === at ? "step" : undefined} onClick={() => onAt(index)}>
            {index + 1}
            <span className="dw-rounds-hidden"> {inLanguage(title, language)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function firstOpen(points: readonly CheckPoint[], done: readonly string[]): number {
  const at = points.findIndex(({ id }) => !done.includes(id));
  return at < 0 ? points.length : at;
}

function PointForm({
  point,
  codes,
  onAnswer,
}: {
  readonly point: CheckPoint;
  readonly codes: readonly string[];
  readonly onAnswer: (point: CheckPoint, given: Given, scanned: Scanned | undefined, note: string) => void;
}): ReactNode {
  const { t, language } = useWords();
  const [scanned, setScanned] = useState<Scanned | undefined>(undefined);
  const [given, setGiven] = useState<Given>({ answers: {}, photos: {} });
  const [note, setNote] = useState("");
  const [isAsked, setAsked] = useState(false);
  const missing = missingChecks(point.checks, { ...given.answers, ...given.photos });
  const send = (): void => {
    setAsked(true);
    if (missing.length === 0) onAnswer(point, given, scanned, note);
  };
  return (
    <form
      className="dw-rounds-point"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <h3>{inLanguage(point.title, language)}</h3>
      {point.station !== undefined && <p className="dw-quiet-text">{point.station}</p>}
      <Scanner codes={codes} scanned={scanned} onScanned={setScanned} />
      {point.checks.map((check) => (
        <CheckField
          key={check.id}
          check={check}
          given={given}
          isMissing={isAsked && missing.includes(check.id)}
          isBeyond={isBeyond(check, given.answers[check.id]) === true}
          onGiven={setGiven}
        />
      ))}
      <Textarea
        label={t("rounds.note")}
        autosize
        minRows={1}
        maxLength={2_000}
        value={note}
        onChange={({ currentTarget: { value } }) => setNote(value)}
      />
      <Button type="submit" size="md" fullWidth>
        {t(scanned === undefined ? "rounds.answerUnscanned" : "rounds.answer")}
      </Button>
    </form>
  );
}
