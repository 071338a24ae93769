/** Hides what may be secret in the URLs of a text: user and password before the host, and the query. */
export function hideUrlSecrets(text: string): string {
  return text.replace(
    /(https?:\/\/)(?:[^\s"'/?#]*@)?([^\s"'?]*)(\?[^\s"']*)?/g,
    (_, scheme: string, rest: string, query = '') => `${scheme}${rest}${query === '' ? '' : '?[hidden]'}`,
  );
}
