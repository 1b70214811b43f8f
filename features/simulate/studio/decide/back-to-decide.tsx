import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";

/** From a page below Decide back to its overview, above the list at the left. */
export function BackToDecide(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconArrowLeft size={15} />}
      className="dw-back-to-decide"
      onClick={() => studio.address.go({ detail: undefined })}
    >
      {t("simulate.view.decide")}
    </Button>
  );
}
