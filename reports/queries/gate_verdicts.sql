-- What did the gate say of each model, which one scores, and may it say percentages?
SELECT model_id, kind, judged_term, judged_to_date, verdict, is_promoted, is_calibrated, policy_version,
       to_date(trained_at) AS trained_date, verdict_reasons
FROM risk_models
ORDER BY judged_to_date DESC, trained_at DESC, is_promoted DESC, model_id
