-- How well did each model foretell, on the term it was judged on, beside the tier alone, in percent?
SELECT m.model_id, m.judged_term, max(f.count_rows) AS judgements,
       round(100 * max(if(f.metric = 'auc_model', f.value, NULL))) AS ranks_model_percent,
       round(100 * max(if(f.metric = 'auc_label', f.value, NULL))) AS ranks_tier_percent,
       round(100 * max(if(f.metric = 'recall_at_capacity_model', f.value, NULL))) AS found_model_percent,
       round(100 * max(if(f.metric = 'recall_at_capacity_label', f.value, NULL))) AS found_tier_percent,
       round(100 * max(if(f.metric = 'precision_at_capacity_model', f.value, NULL))) AS right_model_percent,
       round(100 * max(if(f.metric = 'precision_at_capacity_label', f.value, NULL))) AS right_tier_percent
FROM risk_models m JOIN risk_model_metrics f ON f.model_id = m.model_id AND f.test = m.judged_term AND f.subgroup = ''
GROUP BY m.model_id, m.judged_term, m.judged_to_date, m.trained_at, m.is_promoted
ORDER BY m.judged_to_date DESC, m.trained_at DESC, m.is_promoted DESC, m.model_id
