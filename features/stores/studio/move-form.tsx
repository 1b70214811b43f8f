import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownPart } from "../contract.ts";
import type {} from "../message-codes.ts";
import { MOVEMENT_KINDS, type MovementKind } from "../model/movement.ts";

/** Receive, take, give back, count: one line. What was sent and not answered is sent again as the same movement. */
export function MoveForm({ part, onMoved }: { readonly part: KnownPart; readonly onMoved: () => void }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const [kind, setKind] = useState<MovementKind>("taken");
  const [quantity, setQuantity] = useState<number | string>(1);
  const [work, setWork] = useState("");
  const [reason, setReason] = useState("");
  const [id, setId] = useState(() => crypto.randomUUID());
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("stores.failed")));
  const renewed = <Value,>(set: (value: Value) => void, value: Value): void => {
    set(value);
    setId(crypto.randomUUID());
  };
  const count = Number(quantity);
  const isWhole =
    quantity !== "" && Number.isFinite(count) && (kind === "counted" ? count >= 0 : kind === "corrected" ? count !== 0 : count > 0);
  const send = (): void =>
    run(async () => {
      await calls.move(studio.client, {
        params: { part: part.part },
        query: { branch },
        body: { id, kind, quantity: count, ...(work.trim() !== "" && { work }), ...(reason.trim() !== "" && { reason }) },
      });
      setId(crypto.randomUUID());
      setReason("");
      setQuantity(1);
      onMoved();
    });
  return (
    <form
      className="dw-stores-move"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <NativeSelect
        label={t("stores.what")}
        value={kind}
        data={MOVEMENT_KINDS.map((value) => ({ value, label: t(`stores.act.${value}`) }))}
        onChange={({ currentTarget: { value } }) => renewed(setKind, value as MovementKind)}
      />
      <NumberInput
        label={t(kind === "counted" ? "stores.countedQuantity" : "stores.quantity")}
        {...(kind !== "corrected" && { min: 0 })}
        value={quantity}
        onChange={(value) => renewed(setQuantity, value)}
      />
      <TextInput
        label={t("stores.work")}
        maxLength={200}
        value={work}
        required={kind === "reserved" || kind === "released"}
        onChange={({ currentTarget: { value } }) => renewed(setWork, value)}
      />
      <TextInput
        label={t("stores.reason")}
        maxLength={500}
        value={reason}
        required={kind === "corrected"}
        onChange={({ currentTarget: { value } }) => renewed(setReason, value)}
      />
      <Button type="submit" loading={busy} disabled={!isWhole}>
        {t("stores.record")}
      </Button>
    </form>
  );
}
