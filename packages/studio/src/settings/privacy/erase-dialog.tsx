import type { ReactNode } from "react";
import type { PersonalDataLine } from "@doppelwerk/client";
import { FormDialog, LoadedPart, newPersonId, useLoad, useSentForm, useStudio, useWords } from "@doppelwerk/ui";
import { TextsChoice } from "./texts-choice.tsx";

interface EraseDialogProps {
  readonly onClose: () => void;
}

/** Says what goes and what stays, and erases the person who reads it. */
export function EraseDialog({ onClose }: EraseDialogProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const inventory = useLoad((signal) => studio.client.dataInventory({ signal }), []);
  const form = useSentForm<{ readonly texts: "erase" | "keep" }>({ texts: "erase" }, async ({ texts }) => {
    await studio.client.eraseSelf({ texts });
    // whoever works on at this browser is somebody else
    studio.preferences.update((held) => ({ ...held, personId: newPersonId(), name: "" }));
    location.assign("/");
  });
  return (
    <FormDialog
      form={form}
      title={t("settings.eraseYouTitle")}
      size={560}
      submit={t("settings.eraseYou")}
      isRemoval
      isWhole={inventory.value !== undefined}
      onClose={onClose}
    >
      <LoadedPart loaded={inventory}>
        {(data) => (
          <>
            <What title={t("settings.eraseGoes")} data={data.filter(({ erasure }) => erasure.code === "erased")} />
            <What title={t("settings.eraseStays")} data={data.filter(({ erasure }) => erasure.code === "nameless")} />
          </>
        )}
      </LoadedPart>
      <TextsChoice label={t("settings.eraseTexts")} value={form.values.texts} onChange={(texts) => form.set({ texts })} />
    </FormDialog>
  );
}

function What({ title, data }: { readonly title: string; readonly data: readonly PersonalDataLine[] }): ReactNode {
  const { language } = useWords();
  return (
    <>
      <h3 className="dw-card-part-title">{title}</h3>
      <ul className="dw-world-content">
        {data.map(({ id, what }) => (
          <li key={id}>{what[language]}</li>
        ))}
      </ul>
    </>
  );
}
