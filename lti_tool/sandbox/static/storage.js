// LTI platform storage: lti.put_data and lti.get_data, kept per origin of the tool.
// The page and its storage frame share one map, as Canvas forwards from one to the other.
// data-storage on <html> makes it misbehave for tests: "silent" or "wrong".
{
  const mode = document.documentElement.dataset.storage;
  const store = (window.parent.ltiStore ??= new Map());
  const MOST_KEYS = 500;
  const LONGEST = 4096;

  const refuse = (code, message) => ({ error: { code, message } });
  const own = (origin) => {
    if (!store.has(origin)) store.set(origin, new Map());
    return store.get(origin);
  };

  const put = (values, { key, value }) => {
    if (typeof key !== "string" || key === "") return refuse("bad_request", "'key' must be text");
    if (value === null || value === undefined) {
      values.delete(key);
      return { key };
    }
    if (String(value).length > LONGEST) return refuse("storage_exhaustion", "value too long");
    if (values.size >= MOST_KEYS && !values.has(key)) {
      return refuse("storage_exhaustion", "too many keys");
    }
    values.set(key, String(value));
    return { key, value: String(value) };
  };

  const get = (values, { key }) => {
    if (typeof key !== "string" || key === "") return refuse("bad_request", "'key' must be text");
    const value = values.get(key) ?? null;
    return { key, value: mode === "wrong" && value !== null ? "wrong" : value };
  };

  const actions = { "lti.put_data": put, "lti.get_data": get };

  window.addEventListener("message", (event) => {
    const subject = event.data && event.data.subject;
    if (mode === "silent" || !event.source || !Object.hasOwn(actions, subject)) return;
    const answer = actions[subject](own(event.origin), event.data);
    const { message_id } = event.data;
    event.source.postMessage({ subject: subject + ".response", message_id, ...answer }, event.origin);
  });
}
