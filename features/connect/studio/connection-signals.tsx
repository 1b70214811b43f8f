import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ComponentProps, ReactNode } from "react";
import type { DeclaredSignal } from "@doppelwerk/client";
import { Card, DataTable, SignalValue, useLoad, useStudio, useWords, type Column } from "@doppelwerk/kit/studio";
import { SignalDeclaration } from "./signal-declaration.tsx";
import { SignalMeaning } from "./signal-meaning.tsx";

const PAGE_ROWS = 100;

/** The signals of a connection, a page at a time, with their values and what they were declared to mean. */
export function ConnectionSignals({
  connection,
  mayAdminister,
}: {
  readonly connection: string;
  readonly mayAdminister: boolean;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const [offset, setOffset] = useState(0);
  const [search] = useDebouncedValue(typed, 250);
  const [edited, setEdited] = useState<DeclaredSignal | undefined>(undefined);
  const listed = useLoad(
    (signal) => studio.client.connectionSignals(connection, { search, offset, limit: PAGE_ROWS }, { signal }),
    [connection, search, offset],
  );
  const { total = 0, signals = [] } = listed.value ?? {};
  return (
    <Card title={t("connect.connection.signalsTitle")} note={t("plant.signalsNote", { count: total })}>
      <TextInput
        size="sm"
        aria-label={t("connect.connection.search")}
        placeholder={t("connect.connection.search")}
        leftSection={<IconSearch size={15} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setOffset(0);
        }}
      />
      <SignalTable signals={signals} loaded={listed} onEdit={setEdited} />
      {total > PAGE_ROWS && <Pages offset={offset} total={total} onOffset={setOffset} />}
      {edited !== undefined && (
        <SignalDeclaration
          key={edited.id}
          signal={edited}
          all={signals}
          mayAdminister={mayAdminister}
          onClose={() => setEdited(undefined)}
          onSaved={() => {
            setEdited(undefined);
            listed.reload();
          }}
        />
      )}
    </Card>
  );
}

function SignalTable({
  signals,
  loaded,
  onEdit,
}: {
  readonly signals: readonly DeclaredSignal[];
  readonly loaded: ComponentProps<typeof DataTable>["loaded"];
  readonly onEdit: (signal: DeclaredSignal) => void;
}): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<DeclaredSignal>[] = [
    {
      title: t("connect.connection.signal"),
      cell: ({ name, address }) => (
        <>
          <b>{name}</b>
          <small>{address}</small>
        </>
      ),
    },
    { title: t("commands.now"), isNumber: true, cell: ({ id }) => <SignalValue id={id} /> },
    {
      title: t("connect.connection.unit"),
      cell: ({ unit }) => unit ?? <span className="dw-quiet">{t("connect.connection.unitUnknown")}</span>,
    },
    { title: t("connect.connection.meaning"), cell: (signal) => <SignalMeaning signal={signal} /> },
    {
      title: "",
      cell: (signal) => (
        <Button size="compact-sm" variant="subtle" onClick={() => onEdit(signal)}>
          {t("connect.connection.declare")}
        </Button>
      ),
    },
  ];
  return (
    <DataTable
      caption={t("connect.connection.signalsTitle")}
      columns={columns}
      rows={signals}
      keyOf={({ id }) => id}
      {...(loaded === undefined ? {} : { loaded })}
      empty={t("connect.connection.noSignals")}
    />
  );
}

function Pages({
  offset,
  total,
  onOffset,
}: {
  readonly offset: number;
  readonly total: number;
  readonly onOffset: (offset: number) => void;
}): ReactNode {
  const { t } = useWords();
  const end = offset + PAGE_ROWS;
  return (
    <div className="dw-command-ask">
      <Button size="compact-sm" variant="default" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - PAGE_ROWS))}>
        {t("connect.connection.earlier")}
      </Button>
      <span className="dw-quiet">{t("connect.connection.page", { from: offset + 1, to: Math.min(total, end), total })}</span>
      <Button size="compact-sm" variant="default" disabled={end >= total} onClick={() => onOffset(end)}>
        {t("connect.connection.later")}
      </Button>
    </div>
  );
}
