import { Button } from "@mantine/core";
import { IconPackageOff } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/ui";

/** Says that what packs show is not all there, with why; trying again loads the page again once the server answers. */
export function packsBanner(reason: string, read: () => Promise<unknown>) {
  return function PacksBanner(): ReactNode {
    const { t } = useWords();
    const [shown, setShown] = useState(reason);
    const [isBusy, setBusy] = useState(false);
    const again = async (): Promise<void> => {
      setBusy(true);
      try {
        await read();
        location.reload();
      } catch (error) {
        setShown(error instanceof Error ? error.message : String(error));
      }
      setBusy(false);
    };
    return (
      <div className="dw-banner is-offline" role="alert">
        <IconPackageOff size={16} />
        <span>{t("frame.packsMissing")}</span>
        <small>{shown}</small>
        <Button size="compact-xs" variant="default" loading={isBusy} onClick={() => void again()}>
          {t("frame.retry")}
        </Button>
      </div>
    );
  };
}
