import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { DeclaredSignal } from "@doppelwerk/client";
import { Card, DataTable, SignalValue, useWords, type Column } from "@doppelwerk/kit/studio";
import { SignalDeclaration } from "../signal-declaration.tsx";
import { SignalMeaning } from "../signal-meaning.tsx";

/** The signals from which the state of the station is derived. */
export function RoleSignals({
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
  const columns: readonly Column<DeclaredSignal>[] = [
    { title: t("connect.connection.signal"), cell: ({ name }) => <b>{name}</b> },
    { title: t("commands.now"), isNumber: true, cell: ({ id }) => <SignalValue id={id} /> },
    { title: t("connect.connection.meaning"), cell: (signal) => <SignalMeaning signal={signal} /> },
    {
      title: "",
      cell: (signal) => (
        <Button size="compact-sm" variant="subtle" onClick={() => setEdited(signal)}>
          {t("connect.connection.declare")}
        </Button>
      ),
    },
  ];
  return (
    <Card title={t("connect.states.signals")} note={t("connect.states.signalsNote")}>
      <DataTable caption={t("connect.states.signals")} columns={columns} rows={signals} keyOf={({ id }) => id} />
      {edited !== undefined && (
        <SignalDeclaration
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
