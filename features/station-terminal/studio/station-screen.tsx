import { Button, TextInput } from "@mantine/core";
import { IconAlertSquareRounded, IconHandStop, IconWifiOff } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import {
  AddressLink,
  clockText,
  durationText,
  Failure,
  inLanguage,
  messageText,
  stateLook,
  useStudio,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import type { TerminalPicture } from "../contract.ts";
import type {} from "../message-codes.ts";
import { DefectDialog } from "./defect-dialog.tsx";
import { HelpDialog, HelpOnTheWay } from "./help-dialog.tsx";
import { LifePanel } from "./life-panel.tsx";
import { withoutStation } from "./station-title.ts";
import { FirstPieceNote } from "./first-piece-note.tsx";
import { StepPanel } from "./step-panel.tsx";
import { StopPanel } from "./stop-panel.tsx";
import { useNow } from "./use-now.ts";
import { useScans } from "./use-scans.ts";
import { useTerminal, type Terminal } from "./use-terminal.ts";

type Sheet = "defect" | "help";

/** The terminal at a station: who is there, what to build, why it stands, what is wrong, and help. */
export function StationScreen({ station }: { readonly station: string }): ReactNode {
  const { t } = useWords();
  const terminal = useTerminal(station);
  const { picture, loaded, worker } = terminal;
  const [serial, setSerial] = useState<string>();
  const [sheet, setSheet] = useState<Sheet>();
  useScans(picture, worker !== undefined, {
    badge: (number) => void terminal.signOn(number),
    serial: setSerial,
  });
  return (
    <div className="dw-ts">
      <Head station={station} terminal={terminal} />
      <Refused terminal={terminal} />
      {picture === undefined ? (
        loaded.kind === "failed" ? (
          <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
        ) : (
          <Waiting />
        )
      ) : (
        <>
          <div className="dw-ts-columns">
            <div>
              <Task picture={picture} serial={serial} onForget={() => setSerial(undefined)} />
              <StepPanel station={station} picture={picture} serial={serial} terminal={terminal} />
            </div>
            <div>
              {worker === undefined && <SignOn terminal={terminal} />}
              <FirstPieceNote station={station} picture={picture} serial={serial} terminal={terminal} />
              <HelpOnTheWay calls={picture.help ?? []} />
              <StopPanel station={station} picture={picture} terminal={terminal} />
              <LifePanel station={station} picture={picture} terminal={terminal} />
            </div>
          </div>
          <footer className="dw-ts-foot">
            <Button variant="default" onClick={() => setSheet("defect")} leftSection={<IconAlertSquareRounded size={22} />}>
              {t("stationTerminal.defect")}
            </Button>
            <Button variant="outline" className="dw-ts-help" onClick={() => setSheet("help")} leftSection={<IconHandStop size={22} />}>
              {t("stationTerminal.help")}
            </Button>
          </footer>
          {sheet === "defect" && (
            <DefectDialog station={station} picture={picture} serial={serial} terminal={terminal} onClose={() => setSheet(undefined)} />
          )}
          {sheet === "help" && <HelpDialog station={station} terminal={terminal} onClose={() => setSheet(undefined)} />}
        </>
      )}
    </div>
  );
}

function Head({ station, terminal }: { readonly station: string; readonly terminal: Terminal }): ReactNode {
  const { t, language, zone } = useWords();
  const { picture, outbox, worker, staleSince } = terminal;
  return (
    <header className="dw-ts-head">
      <AddressLink to={{ detail: undefined }} className="dw-ts-place">
        <h1>
          <b>{station}</b> <span>{picture && withoutStation(station, inLanguage(picture.place.title, language))}</span>
        </h1>
      </AddressLink>
      {(outbox.waiting > 0 || !outbox.isOnline) && (
        <span className="dw-ts-waiting" role="status">
          {!outbox.isOnline && <IconWifiOff size={18} aria-hidden />}
          {t("stationTerminal.waiting", { count: outbox.waiting })}
        </span>
      )}
      {worker !== undefined && (
        <Button
          variant="default"
          className="dw-ts-person"
          aria-label={t("stationTerminal.signOffOf", { name: worker.name ?? t("stationTerminal.badgeOf", { tail: worker.tail }) })}
          onClick={() => terminal.signOff()}
        >
          <span>
            {worker.name ?? t("stationTerminal.badgeOf", { tail: worker.tail })}
            <small>{t("stationTerminal.signOff")}</small>
          </span>
        </Button>
      )}
      {staleSince !== undefined && <p className="dw-ts-note">{t("stationTerminal.stale", { clock: clockText(staleSince, zone) })}</p>}
      {outbox.failure !== undefined && <p className="dw-ts-note is-trouble">{outbox.failure}</p>}
      {outbox.wrongByS !== undefined && (
        <p className="dw-ts-note is-trouble" role="alert">
          {t(outbox.wrongByS > 0 ? "stationTerminal.clockAhead" : "stationTerminal.clockBehind", {
            duration: durationText(Math.abs(outbox.wrongByS) * 1e6, language),
          })}
        </p>
      )}
      {worker?.findings?.map((finding) => (
        <p key={finding} className="dw-ts-note is-trouble">
          {finding}
        </p>
      ))}
    </header>
  );
}

/** What could not be taken, each until somebody has read it. */
function Refused({ terminal }: { readonly terminal: Terminal }): ReactNode {
  const { t } = useWords();
  return terminal.outbox.refused.map(({ name, entry, why, text }) => (
    <div key={name} className="dw-ts-refused" role="alert">
      <span>
        <b>{t(`stationTerminal.entry.${entry.kind}`)}</b> {t("stationTerminal.refused")}{" "}
        {why === undefined ? text : messageText(text ?? "", why)}
      </span>
      <Button variant="default" onClick={() => terminal.dismiss(name)}>
        {t("stationTerminal.understood")}
      </Button>
    </div>
  ));
}

function SignOn({ terminal }: { readonly terminal: Terminal }): ReactNode {
  const { t } = useWords();
  const [number, setNumber] = useState("");
  return (
    <form
      className="dw-ts-signon"
      onSubmit={(event) => {
        event.preventDefault();
        if (number.trim().length >= 3 && terminal.signOn(number.trim())) setNumber("");
      }}
    >
      <TextInput
        size="lg"
        label={t("stationTerminal.signOnText")}
        autoComplete="off"
        type="password"
        value={number}
        maxLength={100}
        onChange={({ currentTarget: { value } }) => setNumber(value)}
      />
      <Button type="submit" disabled={number.trim().length < 3}>
        {t("stationTerminal.signOn")}
      </Button>
    </form>
  );
}

interface TaskProps {
  readonly picture: TerminalPicture;
  readonly serial: string | undefined;
  readonly onForget: () => void;
}

/** What is built now, how much of it is done, and what comes then. */
function Task({ picture, serial, onForget }: TaskProps): ReactNode {
  const { t } = useWords();
  const studio = useStudio();
  const now = useNow(() => studio.now());
  const { language } = useWords();
  const [current, next] = picture.orders ?? [];
  const { state } = picture;
  return (
    <section className="dw-ts-task" aria-label={t("stationTerminal.task")}>
      {current === undefined ? (
        <p className="dw-ts-none">{t(picture.orders === undefined ? "stationTerminal.ordersUnknown" : "stationTerminal.noOrder")}</p>
      ) : (
        <>
          <div className="dw-ts-line">
            <h2>{current.product}</h2>
            <span className="dw-ts-count">
              {current.good === undefined
                ? t("stationTerminal.pieces", { count: current.ordered })
                : t("stationTerminal.madeOf", { good: Math.round(current.good), ordered: current.ordered })}
            </span>
          </div>
          <div className="dw-ts-line is-quiet">
            <span>{t("stationTerminal.order", { order: current.id })}</span>
            <span>{next !== undefined && t("stationTerminal.then", { product: next.product })}</span>
          </div>
        </>
      )}
      {serial !== undefined && (
        <div className="dw-ts-line">
          <span>{t("stationTerminal.part", { serial })}</span>
          <Button variant="subtle" size="compact-md" onClick={onForget}>
            {t("stationTerminal.forget")}
          </Button>
        </div>
      )}
      {state !== undefined && (
        <p className="dw-ts-state">
          <i className={`dw-chip is-${stateLook(state.state)}`} />
          {t.or(`machineState.${state.state}`, state.state)} · {durationText(Math.max(0, now - state.since), language)}
        </p>
      )}
    </section>
  );
}
