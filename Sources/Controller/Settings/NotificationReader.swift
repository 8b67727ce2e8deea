import MooringNotifying

/// Reads who is told of failures and recoveries.
struct NotificationReader {
    let layers: SettingsLayers
    let secrets: SecretReader

    private var mistakes: MistakeList { layers.mistakes }

    /// Nil where nobody is told.
    func settings() -> NotificationSettings? {
        let settings = NotificationSettings(
            occasions: occasions(), hook: hook(),
            slack: slack(),
            slackHook: secrets.place(.slackHookFile, .slackHookVariable, .slackHookSecret, own: .slackHook))
        return settings.isEmpty ? nil : settings
    }

    private func occasions() -> Set<NotificationOccasion> {
        let given = layers.texts(.notificationsOn)
        guard !given.isEmpty else { return NotificationOccasion.byDefault }
        return Set(
            given.compactMap { source in
                let occasion = NotificationOccasion(rawValue: source.text)
                if occasion == nil {
                    let all = NotificationOccasion.allCases.map(\.rawValue).joined(separator: ", ")
                    mistakes.add(source, "'notifications.on' takes \(all), not '\(source.text.prefix(40))'.")
                }
                return occasion
            })
    }

    private func hook() -> NotificationSettings.Hook? {
        let secret = secrets.place(
            .notificationsSecretFile, .notificationsSecretVariable, .notificationsSecretSecret,
            own: .notificationsSecret)
        guard let url = layers.text(.notificationsURL) else { return nil }
        guard url.text.hasPrefix("https://") || url.text.hasPrefix("http://") else {
            mistakes.add(url, "'notifications.url' must be an http or https URL.")
            return nil
        }
        if url.isFromFile || url.isFromFlag,
            url.text.dropFirst("https://".count).prefix(while: { $0 != "/" }).contains("@")
        {
            mistakes.add(
                url,
                "The URL holds a password. Leave it out: messages are signed. A URL that must hold one comes from the variable "
                    + "\(EnvironmentKey.notificationsURL.variable).")
            return nil
        }
        guard let secret else {
            if !secrets.names(.notificationsSecretFile, .notificationsSecretVariable, .notificationsSecretSecret) {
                mistakes.add(
                    url,
                    "Messages are signed, so that their receiver can tell them from forged ones: give "
                        + "'notifications.secretFile', 'notifications.secretVariable', 'notifications.secretSecret' or "
                        + "\(SecretVariable.notificationsSecret.rawValue).")
            }
            return nil
        }
        return NotificationSettings.Hook(url: url.text, secret: secret)
    }

    private func slack() -> NotificationSettings.Slack? {
        let token = secrets.place(.slackTokenFile, .slackTokenVariable, .slackTokenSecret, own: .slackToken)
        guard let channel = layers.text(.slackChannel) else { return nil }
        guard let token else {
            if !secrets.names(.slackTokenFile, .slackTokenVariable, .slackTokenSecret) {
                mistakes.add(
                    channel,
                    "Messages to a Slack channel need a bot token: 'notifications.slack.tokenFile', "
                        + "'notifications.slack.tokenVariable', 'notifications.slack.tokenSecret' or "
                        + "\(SecretVariable.slackToken.rawValue).")
            }
            return nil
        }
        if let objection = SlackBot.objection(toChannel: channel.text) {
            mistakes.add(channel, objection)
            return nil
        }
        let apiURL = layers.text(.slackAPIURL)
        if let apiURL, !apiURL.text.hasPrefix("https://"), !apiURL.text.hasPrefix("http://") {
            mistakes.add(apiURL, "'notifications.slack.apiURL' must be an http or https URL.")
        }
        return NotificationSettings.Slack(
            channel: channel.text, token: token, apiURL: apiURL?.text ?? "https://slack.com/api")
    }
}
