import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { fromLocal, toLocal, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { WorkOrder } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { PlanAct } from "../model/acts.ts";
import { PRIORITIES, urgencyOf } from "./choices.ts";
import type { Acting } from "./order-details.tsx";

/** When it is due, how urgent, who does it, or that nobody does: for who plans. */
export function DirectPart({
  order,
  branch,
  people,
  acting,
}: {
  readonly order: WorkOrder;
  readonly branch: string;
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly acting: Acting;
}): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const [due, setDue] = useState(order.due === undefined ? "" : new Date(toLocal(zone, order.due) / 1_000).toISOString().slice(0, 16));
  const [reason, setReason] = useState("");
  const direct = (body: PlanAct): void =>
    acting.run(() => calls.direct(studio.client, { params: { id: order.id }, query: { branch }, body }));
  const choices = order.owner === undefined || people.some(({ id }) => id === order.owner!.id) ? people : [order.owner, ...people];
  return (
    <details className="dw-wo-direct">
      <summary>{t("maintenance.direct")}</summary>
      <div className="dw-maintenance-fields">
        <TextInput
          type="datetime-local"
          label={t("maintenance.due")}
          value={due}
          onChange={(event) => setDue(event.currentTarget.value)}
          onBlur={() => {
            const instant = due === "" ? undefined : fromLocal(zone, Date.parse(`${due}:00Z`) * 1_000);
            if (instant !== undefined && instant !== order.due) direct({ act: "planned", due: instant });
          }}
        />
        <NativeSelect
          label={t("maintenance.priority")}
          value={String(order.priority)}
          data={PRIORITIES.map((value) => ({ value: String(value), label: t(`maintenance.urgency.${urgencyOf(value)}`) }))}
          onChange={(event) => direct({ act: "planned", priority: Number(event.currentTarget.value) as 1 })}
        />
        {choices.length > 0 && (
          <NativeSelect
            label={t("maintenance.owner")}
            value={order.owner?.id ?? ""}
            data={[
              ...(order.owner === undefined ? [{ value: "", label: t("maintenance.nobody") }] : []),
              ...choices.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(event) => event.currentTarget.value !== "" && direct({ act: "assigned", person: event.currentTarget.value })}
          />
        )}
        <TextInput
          label={t("maintenance.cancelReason")}
          value={reason}
          maxLength={2_000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button
          color="red"
          variant="light"
          disabled={reason.trim() === ""}
          loading={acting.busy}
          onClick={() => direct({ act: "cancelled", reason: reason.trim() })}
        >
          {t("maintenance.cancel")}
        </Button>
      </div>
    </details>
  );
}
