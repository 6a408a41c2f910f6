// Where other apps of the device hand over a text or an address: it opens in the composer, over the home timeline.
import { useEffect } from "preact/hooks";
import { navigate, place } from "../router";
import { openComposer } from "../parts/composer";

export function Share() {
  useEffect(() => {
    const { query } = place.value;
    const text = ["title", "text", "url"]
      .map((name) => query.get(name)?.trim() ?? "")
      .filter(Boolean)
      .join("\n\n");
    navigate("/home", { replace: true });
    if (text) openComposer({ text });
  }, []);
  return null;
}
