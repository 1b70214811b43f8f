import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { DeclaredSignal } from "@doppelwerk/client";
import { Card, SignalValue, useWords } from "@doppelwerk/kit/studio";
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
                <SignalMeaning signal={signal} />
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
