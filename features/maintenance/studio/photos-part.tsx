import { Button, FileButton } from "@mantine/core";
import { IconCamera } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { CardPart, momentText, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { WorkOrder } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { Acting } from "./order-details.tsx";

/** Photos of a work order, taken with the camera of a phone or chosen as files. */
export function PhotosPart({
  order,
  branch,
  acting,
  isFixed,
}: {
  readonly order: WorkOrder;
  readonly branch: string;
  readonly acting: Acting;
  readonly isFixed: boolean;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const mayAdd = !isFixed && order.state !== "finished";
  if (!mayAdd && order.photos.length === 0) return null;
  const add = (file: File | null): void => {
    if (file === null) return;
    acting.run(async () => {
      const body = new Uint8Array(await file.arrayBuffer());
      await calls.addPhoto(studio.client, { params: { id: order.id }, query: { branch }, body });
    });
  };
  return (
    <CardPart title={t("maintenance.photos")}>
      <ul className="dw-wo-photos">
        {order.photos.map((photo) => (
          <li key={photo.hash + photo.at}>
            <Photo order={order.id} branch={branch} photo={photo} />
          </li>
        ))}
      </ul>
      {mayAdd && (
        <FileButton onChange={add} accept="image/jpeg,image/png,image/webp" capture="environment">
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconCamera size={18} />} loading={acting.busy}>
              {t("maintenance.addPhoto")}
            </Button>
          )}
        </FileButton>
      )}
    </CardPart>
  );
}

function Photo({
  order,
  branch,
  photo: { hash, type, by, at },
}: {
  readonly order: string;
  readonly branch: string;
  readonly photo: WorkOrder["photos"][number];
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const [address, setAddress] = useState<string | undefined>(undefined);
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    let made: string | undefined;
    let isGone = false;
    calls
      .photo(studio.client, { params: { id: order, photo: hash }, query: { branch } })
      .then((bytes) => {
        if (isGone) return;
        made = URL.createObjectURL(new Blob([bytes], { type }));
        setAddress(made);
      })
      .catch(() => setMissing(true));
    return () => {
      isGone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [studio.client, order, branch, hash, type]);
  const text = t("maintenance.photoBy", { by, at: momentText(at, zone, language, false) });
  if (isMissing) return <span className="dw-quiet-text">{t("maintenance.photoMissing")}</span>;
  return address === undefined ? <span className="dw-wo-photo" /> : <img className="dw-wo-photo" src={address} alt={text} title={text} />;
}
