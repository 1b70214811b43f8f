import * as calls from "../../calls.ts";
import { Autocomplete, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import {
  answerOf,
  Card,
  DataTable,
  durationText,
  Failure,
  messageText,
  momentText,
  stateLook,
  useLoad,
  useStudio,
  useWords,
  type Column,
} from "@doppelwerk/kit/studio";
import type { RawStateAtStation } from "../../contract.ts";
import { codeDetail, codeOf, statesDetail } from "./states-detail.ts";

type Row = RawStateAtStation;

const TYPING_MS = 250;
const CODES_SHOWN = 60;

/** What a raw state means at every station that has it, and who said so: one knows the code, not the station. */
export function FindState({ detail, days }: { readonly detail: string | undefined; readonly days: number }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const addressed = codeOf(detail);
  const [text, setText] = useState(addressed ?? "");
  // another search of the frame, or Back, while the page is open
  useEffect(() => {
    if (addressed !== undefined) setText(addressed);
  }, [addressed]);
  const [settled] = useDebouncedValue(text.trim(), TYPING_MS);
  const code = settled === "" ? undefined : settled;
  const found = useLoad(answerOf(calls.rawStates, { query: { ...(code !== undefined && { code }), days } }));
  const codes = found.value?.codes ?? [];
  const type = (next: string): void => {
    setText(next);
    studio.address.amend({ detail: next.trim() === "" ? "states" : codeDetail(next.trim()) });
  };
  return (
    <Card title={t("connect.states.find")} note={t("connect.states.findNote")} className="dw-states-find">
      <Autocomplete
        size="sm"
        className="dw-states-code"
        aria-label={t("connect.states.findCode")}
        placeholder={t("connect.states.findExample")}
        leftSection={<IconSearch size={16} />}
        data={codes.map((each) => each.code)}
        limit={CODES_SHOWN}
        value={text}
        onChange={type}
      />
      {found.kind === "failed" && <Failure message={found.message} code={found.code} onRetry={found.reload} />}
      {code !== undefined && found.value !== undefined && found.kind !== "failed" && (
        <Found code={code} days={days} rows={found.value.rows} more={found.value.more} />
      )}
    </Card>
  );
}

interface FoundProps {
  readonly code: string;
  readonly days: number;
  readonly rows: readonly Row[];
}

function Found({ code, days, rows, more }: FoundProps & { readonly more: number }): ReactNode {
  const { t } = useWords();
  if (rows.length === 0) return <p className="dw-quiet">{t("connect.states.findNone", { code })}</p>;
  return (
    <>
      <FoundTable code={code} days={days} rows={rows} />
      {more > 0 && <p className="dw-quiet">{t("connect.states.findMore", { count: more })}</p>}
    </>
  );
}

function FoundTable({ code, days, rows }: FoundProps): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const hasNames = rows.some(({ name }) => name !== undefined);
  const columns: readonly Column<Row>[] = [
    {
      title: t("connect.states.findStation"),
      sortBy: ({ station }) => station,
      cell: ({ station, label }) => (
        <UnstyledButton className="dw-text-link" onClick={() => studio.address.go({ detail: statesDetail(station) })}>
          {label.startsWith(station) ? label : `${station} ${label}`}
        </UnstyledButton>
      ),
    },
    { title: t("connect.states.word"), cell: ({ code: word, name }) => <NamedCode code={word} name={hasNames ? name : undefined} /> },
    { title: t("connect.states.means"), sortBy: ({ state }) => state, cell: (row) => <Meaning row={row} /> },
    {
      title: t("connect.states.findMapping"),
      cell: ({ version, since, by }) =>
        version === undefined
          ? t(by === "standard" ? "connect.states.byStandard" : "connect.states.findUnmapped")
          : t("connect.states.findVersion", {
              version,
              since: since === undefined ? t("connect.states.fromStart") : momentText(since, zone, language, false),
            }),
    },
    {
      title: t("connect.states.writtenBy"),
      sortBy: ({ written }) => written?.name ?? "",
      cell: ({ written }) =>
        written === undefined
          ? "–"
          : t("connect.states.findAuthor", { name: written.name, when: momentText(written.at, zone, language, false) }),
    },
    {
      title: t("connect.states.writtenWhy"),
      cell: ({ written }) =>
        written === undefined ? "–" : messageText(written.reason, written.message) || t("connect.states.findNoReason"),
    },
    {
      title: t("connect.states.findSeen", { count: days }),
      isNumber: true,
      sortBy: ({ seconds }) => seconds,
      cell: ({ count, seconds }) =>
        seconds === 0 ? "–" : t("connect.states.findTimes", { count, duration: durationText(seconds * SECOND, language) }),
    },
  ];
  return (
    <DataTable
      caption={t("connect.states.findFound", { code, count: rows.length })}
      className="dw-states-found"
      columns={columns}
      rows={rows}
      keyOf={({ station, code: word }) => `${station} ${word}`}
    />
  );
}

function NamedCode({ code, name }: { readonly code: string; readonly name: string | undefined }): ReactNode {
  return (
    <span className="dw-states-named">
      <code className="dw-states-word">{code}</code>
      {name}
    </span>
  );
}

/** State and cause; a cause that is unknown is not worth a word. */
function Meaning({ row: { state, cause, by } }: { readonly row: Row }): ReactNode {
  const { t } = useWords();
  return (
    <span className={`dw-states-read is-${stateLook(state)}`}>
      <b>{t.or(`machineState.${state}`, state)}</b>
      {by !== "nothing" && cause !== "unknown" && <> · {t.or(`connect.states.causes.${cause}`, cause)}</>}
    </span>
  );
}
