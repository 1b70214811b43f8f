import { Button, TextInput } from "@mantine/core";
import { IconListSearch, IconPlugConnected } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { useWords, TaskProblem } from "@doppelwerk/kit/studio";
import { AccessFields } from "./plant-access.tsx";
import { PlantActions } from "./plant-actions.tsx";
import { isOpcua, isPlantAddress, takesUser } from "./plant-address.ts";
import { PlantLook } from "./plant-look.tsx";
import { PlantSettings } from "./plant-settings.tsx";
import { usePlantForm, type PlantForm } from "./use-plant-form.ts";
import "./connect.css";

/** Address, a look inside, what is wanted of it, and then connected or made a twin of: each step can be left out. */
export function AddPlant({
  onConnected,
  onBegun,
}: {
  readonly onConnected: (connection: ConnectionStatus) => void;
  readonly onBegun: (id: string) => void;
}): ReactNode {
  const { t } = useWords();
  const form = usePlantForm(onConnected);
  const { fields, set, address, looked } = form;
  const [isOpen, setOpen] = useState(false);
  const valid = isPlantAddress(address);
  return (
    <form
      className="dw-add"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) form.add();
      }}
    >
      <AddressFields form={form} />
      <AddButtons form={form} disabled={!valid} />
      <PlantActions plant={{ ...looked?.plant, url: address, name: form.title }} onBegun={onBegun} disabled={!valid} />
      <Button size="sm" variant="subtle" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
        {t("connect.connection.settings")}
      </Button>
      <TaskProblem task={form} />
      {isOpen && <PlantSettings form={form} />}
      {takesUser(address) && <AccessFields access={fields.access} opcua={isOpcua(address)} onChange={(access) => set({ access })} />}
      {looked === undefined ? (
        <p className="dw-quiet">{t("connect.addText")}</p>
      ) : (
        <PlantLook plant={looked.plant} offer={looked.offer} chosen={form.chosen} onChoose={form.choose} />
      )}
    </form>
  );
}

function AddressFields({ form: { fields, set, failure } }: { readonly form: PlantForm }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <TextInput
        size="sm"
        label={t("connect.url")}
        placeholder="opc.tcp://10.0.0.5:4840"
        value={fields.url}
        onChange={(event) => set({ url: event.currentTarget.value })}
        error={failure !== undefined}
        className="dw-grow"
        spellCheck={false}
      />
      <TextInput
        size="sm"
        label={t("connect.name")}
        placeholder={t("connect.nameHint")}
        value={fields.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
    </>
  );
}

/** The next step is filled: a look first, then the connection. */
function AddButtons({ form, disabled }: { readonly form: PlantForm; readonly disabled: boolean }): ReactNode {
  const { t } = useWords();
  const { busy, looked, chosen, look } = form;
  return (
    <>
      <Button
        size="sm"
        variant={looked === undefined ? "filled" : "default"}
        loading={busy === "look"}
        disabled={disabled}
        onClick={look}
        leftSection={<IconListSearch size={16} />}
      >
        {t("connect.look.button")}
      </Button>
      <Button
        size="sm"
        type="submit"
        variant={looked === undefined ? "default" : "filled"}
        loading={busy === "add"}
        disabled={disabled}
        leftSection={<IconPlugConnected size={16} />}
      >
        {chosen.size === 0 ? t("connect.add") : t("connect.addChosen", { count: chosen.size })}
      </Button>
    </>
  );
}
